import { EngineError } from './engine-error.ts';
import { isSymbol, readSqlTokens } from './sql-tokens.ts';

/** Names of the `{name:Type}` placeholders of a statement; never those inside strings and comments. */
export function readPlaceholders(sql: string): Set<string> {
  const names = new Set<string>();
  if (!sql.includes('{')) return names;
  const tokens = readSqlTokens(sql);
  for (const [index, token] of tokens.entries()) {
    const name = tokens[index + 1];
    if (isSymbol(token, '{') && name?.kind === 'word' && isSymbol(tokens[index + 2], ':')) names.add(name.text);
  }
  return names;
}

/**
 * The values that a statement needs, by name. A session keeps the values of earlier statements, so a missing one
 * must be detected here, not by the engine.
 *
 * @throws EngineError `TAILRACE_QUERY_FAILED` when a placeholder has no value
 */
export function collectParameters(
  sql: string,
  params: Readonly<Record<string, unknown>> = {},
): (readonly [name: string, value: unknown])[] {
  return Array.from(readPlaceholders(sql), (name) => {
    if (Object.hasOwn(params, name) && params[name] !== undefined) return [name, params[name]] as const;
    throw new EngineError(
      'TAILRACE_QUERY_FAILED',
      `cannot run the query: the placeholder "${name}" has no value; pass it in params`,
    );
  });
}

/**
 * Formats a query parameter as ClickHouse reads it: like one field of a TSV file, with arrays, maps and tuples
 * in SQL notation. The same rules as in `@clickhouse/client`, and the only place where values become text.
 *
 * @throws EngineError `TAILRACE_QUERY_FAILED` for functions, symbols, infinite numbers and invalid dates
 */
export function formatParameter(value: unknown): string {
  if (typeof value === 'string') return escapeField(value);
  if (value === null) return '\\N';
  if (value instanceof Date) return formatInstant(value);
  return formatLiteral(value);
}

/** A string literal with exactly this text. */
export function quoteString(text: string): string {
  return `'${escapeField(text).replaceAll("'", "\\'")}'`;
}

const escapesByChar: Record<string, string> = {
  '\\': '\\\\',
  '\0': '\\0',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function escapeField(text: string): string {
  return text.replace(/[\\\0\b\f\n\r\t]/g, (char) => escapesByChar[char] ?? char);
}

/** A value as an SQL literal. @throws EngineError like {@link formatParameter} */
export function formatLiteral(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'string') return quoteString(value);
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (value instanceof Date) return quoteString(formatInstant(value));
  if (Array.isArray(value) || ArrayBuffer.isView(value))
    return `[${Array.from(elementsOf(value), formatLiteral).join(',')}]`;
  if (value instanceof Map) return formatMap(value);
  if (typeof value === 'object') return formatMap(new Map(Object.entries(value)));
  throw unusable(value);
}

function elementsOf(value: readonly unknown[] | ArrayBufferView): Iterable<unknown> {
  if (Array.isArray(value)) return value;
  if (Symbol.iterator in value) return value as unknown as Iterable<unknown>;
  throw unusable(value);
}

function formatMap(map: ReadonlyMap<unknown, unknown>): string {
  return `{${Array.from(map, ([key, value]) => `${formatLiteral(key)}:${formatLiteral(value)}`).join(',')}}`;
}

/** Seconds since 1970 with milliseconds, which DateTime and DateTime64 read independently of any time zone. */
function formatInstant(date: Date): string {
  const time = date.getTime();
  if (Number.isNaN(time)) throw unusable(date);
  const seconds = Math.floor(time / 1000);
  const milliseconds = time - seconds * 1000;
  return String(seconds).padStart(10, '0') + (milliseconds === 0 ? '' : `.${String(milliseconds).padStart(3, '0')}`);
}

function unusable(value: unknown): EngineError {
  return new EngineError(
    'TAILRACE_QUERY_FAILED',
    `cannot bind the value "${String(value)}" (${value instanceof Date ? 'an invalid Date' : typeof value}): SQL has no literal for it; pass a string, number, bigint, boolean, null, valid Date, array or map`,
  );
}
