import { quoteString } from '../../engine/bound-parameter.ts';
import type { Field, Format, KeyedFraming } from '../../formats/format.ts';
import { isLike } from '../line-characters.ts';
import { keyNameExpression, rolesPerField, roleTables } from './key-roles.ts';

/**
 * SELECT that finds the values of a format's fields by name, in each line separately:
 *
 * - `raw`: the values in the order of the fields, empty where a line has none that fits,
 * - `raw_keys`: their names in the line,
 * - `rest`: all other names and values, as a map.
 */
export function splitKeyed(format: Format, framing: KeyedFraming, line: string, from: string): string {
  const places = format.fields.map((_, index) => `pick_${index + 1}`);
  return `
    SELECT ${line},
      [${places.map((pick) => `${pick}.3`).join(', ')}] AS raw,
      [${places.map((pick) => `${pick}.4`).join(', ')}] AS raw_keys,
      CAST(
        arrayFilter((pair, nth) -> nth > 1 OR NOT has(raw_keys, pair.1), pairs, nths),
        'Map(String, String)') AS rest
    FROM (
      SELECT ${line}, pairs, nths,
        ${format.fields.map((field, index) => `${pickExpression(format, field, index)} AS pick_${index + 1}`).join(',\n        ')}
      FROM (
        SELECT ${line}, pairs, nths, arraySort(arrayConcat(${knownLists(format)})) AS known
        FROM (
          SELECT ${line}, pairs,
            -- Of a key that comes twice the first is looked at.
            arrayEnumerateUniq(pairs.1) AS nths,
            arrayMap((pair, nth) -> if(nth > 1 OR pair.2 IN ('', '-'), '', ${keyNameExpression('pair.1')}), pairs, nths) AS key_names
          FROM (${selectPairs(framing, line, from)})
        )
      )
    )`;
}

/** Values of the parameters that {@link splitKeyed} names. */
export function keyedParams(format: Format, { opened = [] }: KeyedFraming): Readonly<Record<string, unknown>> {
  const tables = roleTables(format).flatMap(({ names, roles }, index) => [
    [`key_names_${index}`, names],
    [`key_roles_${index}`, roles],
  ]);
  return { ...Object.fromEntries(tables), opened_objects: opened };
}

/** SQL of the lists of (role, place in the line, value, key) of all names that fit a field. */
function knownLists(format: Format): string {
  return roleTables(format)
    .map((_, index) => {
      const role = `transform(name, {key_names_${index}:Array(String)}, {key_roles_${index}:Array(UInt16)}, toUInt16(0))`;
      return `arrayFilter(one -> one.1 != 0, arrayMap((name, pair, place) -> (${role}, place, pair.2, pair.1), key_names, pairs, arrayEnumerate(pairs)))`;
    })
    .join(', ');
}

function pickExpression({ fields }: Format, { pattern, unless = [] }: Field, index: number): string {
  const fits = pattern === undefined ? '' : ` AND ${isLike('one.3', pattern)}`;
  const first = `arrayFirst(one -> intDiv(one.1, ${rolesPerField}) = ${index + 1}${fits}, known)`;
  const found = unless.flatMap(({ field, pattern: like }) => {
    const place = fields.findIndex(({ name }) => name === field);
    if (place === -1) return [];
    const value = `pick_${place + 1}.3`;
    return [like === undefined ? `${value} != ''` : isLike(value, like)];
  });
  return found.length === 0 ? first : `if(${found.join(' OR ')}, (0, 0, '', ''), ${first})`;
}

/** SELECT of `pairs`: names and values of a line, in order. */
function selectPairs({ syntax, opened = [] }: KeyedFraming, line: string, from: string): string {
  if (syntax === 'ltsv') return `SELECT ${line}, ${labels("trim(TRAILING '\\r' FROM line)")} AS pairs ${from}`;
  const rounds = Math.max(0, ...opened.map((key) => key.split('.').length));
  const outer = `
    SELECT ${line},
      JSONExtractKeysAndValues(line, 'String') AS found,
      if(empty(found) AND position(line, '{') > 0, JSONExtractKeysAndValues(${repairedJson('line')}, 'String'), found) AS pairs_0
    ${from}`;
  const select = Array.from({ length: rounds }).reduce<string>(
    (inner, _, round) => `SELECT ${line}, ${openObjects(`pairs_${round}`)} AS pairs_${round + 1} FROM (${inner})`,
    outer,
  );
  return `SELECT ${line}, pairs_${rounds} AS pairs FROM (${select})`;
}

function openObjects(pairs: string): string {
  const isOpened = "has({opened_objects:Array(String)}, pair.1) AND startsWith(pair.2, '{')";
  const inner = "arrayMap(one -> (concat(pair.1, '.', one.1), one.2), JSONExtractKeysAndValues(pair.2, 'String'))";
  return `if(
      hasAny(${pairs}.1, {opened_objects:Array(String)}),
      arrayFlatten(arrayMap((pair, inner) -> if(empty(inner), [pair], inner), ${pairs}, arrayMap(pair -> if(${isOpened}, ${inner}, []), ${pairs}))),
      ${pairs})`;
}

/** A part without a label is keyed by its position. */
function labels(text: string): string {
  const label = `if(position(part, ':') > 1, substring(part, 1, position(part, ':') - 1), concat('field_', toString(place)))`;
  const value = `if(position(part, ':') > 1, substring(part, position(part, ':') + 1), part)`;
  return `arrayMap((part, place) -> (${label}, ${value}), splitByChar('\\t', ${text}) AS parts, arrayEnumerate(parts))`;
}

/**
 * Repairs nginx's output without `escape=json`: \`\\xHH\` for special characters, and nothing for an empty variable.
 * Bytes beyond ASCII are preserved: they are percent-encoded while the rest is decoded.
 */
function repairedJson(line: string): string {
  const steps: readonly (readonly [from: string, to: string])[] = [
    ['%', '%25'],
    ['\\\\x([0-7][0-9A-Fa-f])', '\\\\u00\\1'],
    ['\\\\x([89A-Fa-f][0-9A-Fa-f])', '%\\1'],
    ['("[ ]*:[ ]*)([,}])', '\\1null\\2'],
  ];
  const repaired = steps.reduce(
    (sql, [from, to]) => `replaceRegexpAll(${sql}, ${quoteString(from)}, ${quoteString(to)})`,
    line,
  );
  return `decodeURLComponent(${repaired})`;
}
