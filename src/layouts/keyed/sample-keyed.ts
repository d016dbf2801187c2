import type { Format, KeyedFraming } from '../../formats/format.ts';
import { linearPattern } from '../../text/linear-pattern.ts';
import { rememberLines } from '../../text/remember-lines.ts';
import { sampleObject, samplePairs } from '../sample-pairs.ts';
import { keyName, rolesPerField, roleTables } from './key-roles.ts';

/**
 * The values of a sample line in the order of the format's fields, as {@link splitKeyed} finds them.
 * @returns `undefined` for a line without names and values
 */
export function sampleKeyed(format: Format, framing: KeyedFraming, line: string): string[] | undefined {
  const pairs = keyedPairs(framing, line);
  if (!pairs) return undefined;
  const known = rolesOf(format)
    .flatMap((roles) =>
      [...pairs].flatMap(([key, value]) => {
        const role = value === '' || value === '-' ? undefined : roles.get(keyName(key));
        return role === undefined ? [] : [{ role, value }];
      }),
    )
    .sort((one, other) => one.role - other.role);
  const values: string[] = [];
  for (const [index, { pattern, unless = [] }] of format.fields.entries()) {
    const isTaken = unless.some(({ field, pattern: like }) => {
      const value = values[format.fields.findIndex(({ name }) => name === field)] ?? '';
      return like === undefined ? value !== '' : linearPattern(like).test(value);
    });
    const fits = (value: string) => pattern === undefined || linearPattern(pattern).test(value);
    const pick = known.find(({ role, value }) => Math.floor(role / rolesPerField) === index + 1 && fits(value));
    values.push(isTaken ? '' : (pick?.value ?? ''));
  }
  return values;
}

/** Whether a line has a key of one of the fields by which the format is recognised. */
export function hasMark({ fields }: Format, framing: KeyedFraming, line: string): boolean {
  const pairs = keyedPairs(framing, line);
  if (!pairs) return false;
  const keys = fields.filter(({ name }) => framing.marks.includes(name)).flatMap((field) => field.keys ?? []);
  return [...pairs.keys()].some((key) => keys.includes(keyName(key)));
}

const tables = new WeakMap<Format, ReadonlyMap<string, number>[]>();

function rolesOf(format: Format): ReadonlyMap<string, number>[] {
  let maps = tables.get(format);
  if (!maps) {
    maps = roleTables(format).map(({ names, roles }) => new Map(names.map((name, index) => [name, roles[index] ?? 0])));
    tables.set(format, maps);
  }
  return maps;
}

const readers = new WeakMap<KeyedFraming, (line: string) => ReadonlyMap<string, string> | undefined>();

function keyedPairs(framing: KeyedFraming, line: string): ReadonlyMap<string, string> | undefined {
  let read = readers.get(framing);
  if (!read) {
    read = rememberLines((text) => readPairs(framing, text));
    readers.set(framing, read);
  }
  return read(line);
}

function readPairs({ syntax, opened = [] }: KeyedFraming, line: string): Map<string, string> | undefined {
  if (syntax === 'ltsv') return labels(line);
  if (!line.trimStart().startsWith('{')) return undefined;
  const pairs = samplePairs(
    sampleObject(line) ? line : repairedJson(line),
    opened.map((key) => ({ key, holds: 'object' })),
  );
  // It is replaced by its keys.
  const isOpened = (key: string, value: string) => opened.includes(key) && (samplePairs(value)?.size ?? 0) > 0;
  return pairs && new Map([...pairs].filter(([key, value]) => !isOpened(key, value)));
}

/** The first of duplicate labels wins. */
function labels(line: string): Map<string, string> | undefined {
  const pairs = new Map<string, string>();
  for (const part of line.split('\t')) {
    const at = part.indexOf(':');
    if (at > 0 && !pairs.has(part.slice(0, at))) pairs.set(part.slice(0, at), part.slice(at + 1));
  }
  return pairs.size > 0 ? pairs : undefined;
}

/** As in {@link splitKeyed}; bytes beyond ASCII do not matter here. */
function repairedJson(line: string): string {
  return line.replaceAll(/\\x([0-9A-Fa-f]{2})/g, '\\u00$1').replaceAll(/(" *: *)([,}])/g, '$1null$2');
}
