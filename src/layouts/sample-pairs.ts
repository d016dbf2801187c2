import type { NestedKey } from '../formats/format.ts';
import { rememberLines } from '../text/remember-lines.ts';

/** The keys of a JSON object with their values as text. */
export function samplePairs(line: string, nested: readonly NestedKey[] = []): Map<string, string> | undefined {
  const object = sampleObject(line);
  if (!object) return undefined;
  const pairs = new Map(Object.entries(object));
  for (const { key, holds } of nested) {
    const value = pairs.get(key);
    for (const [inner, held] of holds === 'object' ? Object.entries(asObject(value) ?? {}) : headersOf(value)) {
      const name = `${key}.${inner}`;
      // Header lines of one name are one list.
      const before = holds === 'headers' ? pairs.get(name) : undefined;
      pairs.set(name, before === undefined ? held : `${before}${inner === 'cookie' ? '; ' : ', '}${held}`);
    }
  }
  return new Map([...pairs].map(([key, value]) => [key, asText(value)]));
}

/** A line that is a JSON object; `undefined` for any other. */
export const sampleObject = rememberLines((line): Readonly<Record<string, unknown>> | undefined => {
  // An exception costs more than all formats that look at the line.
  if (!line.trimStart().startsWith('{')) return undefined;
  try {
    return asObject(JSON.parse(line));
  } catch {
    return undefined;
  }
});

function asObject(value: unknown): Record<string, unknown> | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : undefined;
}

function headersOf(value: unknown): [string, unknown][] {
  const headers = Array.isArray(value) ? value.map(asObject) : [];
  return headers.flatMap((header) =>
    typeof header?.name === 'string' ? [[header.name.toLowerCase(), header.value] as [string, unknown]] : [],
  );
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
