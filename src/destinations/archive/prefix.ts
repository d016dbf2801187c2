import { quoteString } from '../../engine/bound-parameter.ts';
import { deliveredColumns, timeColumn } from '../delivered-columns.ts';
import type { ShippedTable } from '../destination.ts';

/** How the names of an archive's objects begin: text, with placeholders for the table, the time of the rows (UTC) and their columns. */
export interface Prefix {
  /** As configured. */
  readonly written: string;
  readonly pieces: readonly { readonly kind: 'text' | 'table' | 'time' | 'column'; readonly text: string }[];
}

/** Placeholders of a time, as Firehose and Java write them, and ClickHouse's. */
const timeFormats: Readonly<Record<string, string>> = { yyyy: '%Y', MM: '%m', dd: '%d', HH: '%H' };
/** Their values are no names. */
const unnamed = new Set(['extra', 'attributes', 'time', 'at', 'line', 'message']);
/** Longest part of a name that comes from a column. */
const mostValueChars = 64;
/** Takes the place of a value in `prefixSql(…, true)`. */
const otherValue = 'other';

/** @param written `{table}/{yyyy}/{MM}/{dd}/{HH}/` @returns undefined when braces do not pair up */
export function parsePrefix(written: string): Prefix | undefined {
  const pieces = written.split(/\{([^{}]*)\}/).map((text, index) => {
    if (index % 2 === 0) return { kind: 'text' as const, text };
    return {
      kind:
        text === 'table'
          ? ('table' as const)
          : Object.hasOwn(timeFormats, text)
            ? ('time' as const)
            : ('column' as const),
      text,
    };
  });
  const isPaired = pieces.every(({ kind, text }) => kind !== 'text' || !/[{}]/.test(text));
  return isPaired ? { written, pieces: pieces.filter(({ text, kind }) => kind !== 'text' || text !== '') } : undefined;
}

/** What may stand in braces, for rows of these tables. */
export function placeholders(tables: readonly ShippedTable[]): string[] {
  const [first = [], ...others] = tables.map((table) => deliveredColumns[table]);
  const common = first.filter((name) => others.every((names) => names.includes(name)));
  return ['table', ...timePlaceholders, ...common.filter((name) => !unnamed.has(name))];
}

/** Of a batch that is not divided: the prefix has no other placeholders than those of a time. */
export function prefixText({ pieces }: Prefix, timeMs: number): string {
  const time = new Date(timeMs).toISOString();
  const parts: Readonly<Record<string, string>> = {
    yyyy: time.slice(0, 4),
    MM: time.slice(5, 7),
    dd: time.slice(8, 10),
    HH: time.slice(11, 13),
  };
  return pieces.map(({ kind, text }) => (kind === 'time' ? parts[text] : text)).join('');
}

/** What may stand in braces for a batch that is not divided. */
export const timePlaceholders: readonly string[] = Object.keys(timeFormats);

/** What all names begin with. */
export function commonStart({ pieces: [first] }: Prefix): string {
  return first?.kind === 'text' ? first.text : '';
}

export function hasColumns({ pieces }: Prefix): boolean {
  return pieces.some(({ kind }) => kind === 'column');
}

/**
 * SQL over rows of a table for the name that each of them has. A value of a column never leaves its part of the path: characters
 * other than letters, digits, `.`, `_` and `-` become `_`, as does a leading dot; an empty one is `none`.
 * @param withoutValues `other` stands for each value of a column
 */
export function prefixSql({ pieces }: Prefix, table: ShippedTable, withoutValues = false): string {
  const sql = pieces.map(({ kind, text }) => {
    if (kind === 'time') return `formatDateTime(${timeColumn(table)}, '${timeFormats[text]}', 'UTC')`;
    if (kind === 'column') return withoutValues ? quoteString(otherValue) : valueSql(text);
    return quoteString(kind === 'table' ? table : text);
  });
  return `concat('', '', ${sql.join(', ') || "''"})`;
}

function valueSql(column: string): string {
  const value = `substringUTF8(ifNull(toString(${column}), ''), 1, ${mostValueChars})`;
  return `if(${value} = '', 'none', replaceRegexpAll(${value}, '^[.]|[^0-9A-Za-z._-]', '_'))`;
}
