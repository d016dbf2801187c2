import { quoteString } from '../engine/bound-parameter.ts';
import type { NestedKey } from '../formats/format.ts';
import { quoteIdentifier } from '../schema/quote-identifier.ts';
import { keyedParams, splitKeyed } from './keyed/split-keyed.ts';
import { type Layout, listKey } from './layout.ts';
import { bytesOf, characters } from './line-characters.ts';
import { tokensExpression } from './line-patterns.ts';
import { listedLines } from './listed-lines.ts';
import { splitValuesExpression } from './split-values.ts';

/**
 * SELECT that splits the lines of a source into `raw`, an array of the values in the order of the layout's
 * columns; of JSON also `pairs`, all keys with their values, of lists `line_bytes`, of lines with names `raw_keys` and `rest`.
 * Needs {@link splitParams}.
 * @param where SQL of a condition on the lines, or empty
 * @param carried further columns of the source that pass through
 */
export function splitLines(
  { format, framing, columns }: Layout,
  source: string,
  where = '',
  carried: readonly string[] = [],
): string {
  const list = listKey(framing);
  const from = `FROM ${list === undefined ? `${source} ${where}` : listedLines(source, where, carried, list)}`;
  const line = [...identity, 'line', ...(list === undefined ? [] : ['line_bytes']), ...carried].join(', ');
  switch (framing.kind) {
    case 'delimited':
      return `SELECT ${line}, ${splitValuesExpression('line', framing.delimiter)} AS raw ${from}`;
    case 'tokens':
      return `SELECT ${line}, ${tokensExpression(withoutReturn)} AS raw ${from}`;
    case 'pattern': {
      const groups = `extractGroups(${characters(withoutReturn)}, ${quoteString(framing.pattern)})`;
      const { unlike } = framing;
      return `
          SELECT ${line},
            ${unlike ? `if(match(line, ${quoteString(unlike)}), [], ${groups})` : groups} AS matched,
            arrayConcat(arrayPopBack(matched), ${tokensExpression('arrayElement(matched, -1)', { lists: true })}) AS found,
            ${bytesOf('found')} AS raw
          ${from}`;
    }
    case 'json': {
      const { nested = [] } = framing;
      // If all lines of a delivery have their keys in the same order, the values are the columns without a look-up.
      return `
          SELECT ${line}, pairs_${nested.length} AS pairs,
            if(mapKeys(pairs) = {columns:Array(String)}, mapValues(pairs),
               arrayMap(name -> pairs[name], {columns:Array(String)})) AS raw
          FROM (${selectPairs(nested, line, from)})`;
    }
    case 'keyed':
      return splitKeyed(format, framing, line, from);
    case 'parquet':
      return `
          SELECT ${[...identity, ...carried].join(', ')}, [${columns.map((name) => `ifNull(toString(${quoteIdentifier(name)}), '')`).join(', ')}] AS raw
          ${from}`;
  }
}

/** Values of the parameters that {@link splitLines} names. */
export function splitParams({ format, framing, columns }: Layout): Readonly<Record<string, unknown>> {
  return {
    columns,
    delimiter: framing.kind === 'delimited' ? framing.delimiter : '',
    ...(framing.kind === 'keyed' ? keyedParams(format, framing) : {}),
  };
}

const identity = ['object', 'line_number'];

/** A carriage return before the newline would keep the last quote from ending its value. */
const withoutReturn = "trim(TRAILING '\\r' FROM line)";

/**
 * SELECT of `pairs_<number of nested keys>`: all keys of an object with their values as text; a nested non-object
 * keeps its key. The keys are not input. One step each, because the engine evaluates an expression as often as written.
 */
function selectPairs(nested: readonly NestedKey[], line: string, from: string): string {
  return nested.reduce((outer, { key, holds }, depth) => {
    const pairs = `pairs_${depth}`;
    const value = `${pairs}['${key}']`;
    const inner = {
      object: `JSONExtract(${value}, 'Map(String, String)')`,
      headers: headerMap(`JSONExtract(${value}, 'Array(Tuple(name String, value String))')`),
    }[holds];
    return `
      SELECT ${line},
        mapConcat(
          mapFilter((k, v) -> k != '${key}' OR empty(inner), ${pairs}),
          mapApply((k, v) -> (concat('${key}.', k), v), inner)) AS pairs_${depth + 1}
      FROM (SELECT ${line}, ${pairs}, ${inner} AS inner FROM (${outer}))`;
  }, `SELECT ${line}, JSONExtract(line, 'Map(String, String)') AS pairs_0 ${from}`);
}

/**
 * SQL of a map of headers. Lines of one name form one list (RFC 9110, section 5.2), those of `cookie` one string (RFC
 * 9113, section 8.2.3).
 */
function headerMap(headers: string): string {
  const names = `arrayMap(header -> lower(header.1), ${headers} AS headers) AS header_names`;
  const values = 'arrayMap(header -> header.2, arrayFilter(header -> lower(header.1) = name, headers))';
  const joined = `arrayMap(
        name -> (name, if(name = 'cookie', arrayStringConcat(${values}, '; '), arrayStringConcat(${values}, ', '))),
        arrayDistinct(header_names))`;
  return `CAST(
        if(length(arrayDistinct(${names})) = length(header_names), arrayZip(header_names, headers.2), ${joined})
        AS Map(String, String))`;
}
