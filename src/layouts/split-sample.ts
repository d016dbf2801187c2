import type { NestedKey } from '../formats/format.ts';
import { linearPattern } from '../text/linear-pattern.ts';
import { trimTrailing } from '../text/trim-trailing.ts';
import type { Layout } from './layout.ts';
import { sampleTokens } from './line-patterns.ts';
import { sampleList } from './sample-list.ts';
import { splitValues } from './split-values.ts';

/**
 * The values of one sample line in the order of the layout's columns, as the engine will find them: for detection and
 * for showing. Stored rows never come this way.
 * @returns no values for a line that does not fall apart so, or of Parquet
 */
export function splitSample({ framing, columns }: Pick<Layout, 'framing' | 'columns'>, line: string): string[] {
  const text = trimTrailing(line, '\r');
  switch (framing.kind) {
    case 'delimited':
      return splitValues(text, framing.delimiter);
    case 'tokens':
      return sampleTokens(text);
    case 'pattern': {
      const groups = linearPattern(framing.pattern).groups(text) ?? [];
      return [...groups.slice(0, -1), ...sampleTokens(groups.at(-1) ?? '')];
    }
    case 'json': {
      const [object = text] = (framing.list && sampleList(text, framing.list)) || [];
      const pairs = samplePairs(object, framing.nested);
      return pairs ? columns.map((name) => pairs.get(name) ?? '') : [];
    }
    case 'parquet':
      return [];
  }
}

/** The keys of a JSON object with their values as text. */
export function samplePairs(line: string, nested: readonly NestedKey[] = []): Map<string, string> | undefined {
  const object = parseObject(line);
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

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(line));
  } catch {
    return undefined;
  }
}

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
