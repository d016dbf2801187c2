import { findingLevelKeys, type KeyedColumn, plainName, wordLevelKeys } from '../../formats/logs/known-keys.ts';
import { levelScales, levelSpellings } from '../../formats/logs/levels.ts';
import type { LogFormat } from '../../formats/logs/log-format.ts';
import { epochOfParts, isTime, timeParams, timeParts } from './epoch-expression.ts';

/**
 * A role ranks a name for a column: the column's place × 1000 + the name's place in the column's list, and
 * 500 more if it comes from the transport instead of the line.
 */
const rolesPerColumn = 1000;
const transportRoles = 500;

/**
 * SQL that assigns the values of `split` (see splitShapes) to columns: a subquery that adds
 *
 * - `picked_<column>` for each column with known names: the value, or empty;
 *   `picked_time` is in milliseconds since 1970, 0 when there is none,
 * - `time_source`: `event` if that is the line's own, `envelope` if it is the transport's,
 * - `attributes`: everything that was not picked, as a map.
 *
 * @param split subquery with `own_pairs`, `pairs`, `text` and `arrived_ms`
 */
export function pickValues(format: LogFormat, split: string): string {
  const columns = Object.keys(format.keys) as KeyedColumn[];
  const plain = columns.filter((column) => !['time', 'level', 'message'].includes(column));
  const of = (column: KeyedColumn) => `intDiv(known_pair.1, ${rolesPerColumn}) = ${columns.indexOf(column) + 1}`;
  // A choice is (role, place among the pairs, value); the first two are 0 where there is none.
  return `(
    SELECT
      *,
      ${columns.map((column) => `choice_${column}.3 AS picked_${column}`).join(',\n      ')},
      if(choice_time.1 % ${rolesPerColumn} < ${transportRoles}, 'event', 'envelope') AS time_source,
      [${columns.map(usedPlace).join(', ')}] AS used_places,
      CAST(
        arrayFilter((pair, place) -> pair.2 != '' AND NOT has(used_places, place), pairs, arrayEnumerate(pairs)),
        'Map(String, String)') AS attributes
    FROM (
      SELECT
        *,
        arrayFirst(
          time_pair -> ${isTime('time_pair.3')},
          arrayMap(
            (known_pair, parts) -> (known_pair.1, known_pair.2, ${epochOfParts('parts', 'latest_day', format.bareMilliseconds)}),
            times,
            times_in_parts)
        ) AS choice_time,
        arrayFirst(
          level_pair -> level_pair.3 != '' AND (level_pair.4 > '9' OR NOT has({word_level_roles:Array(UInt16)}, level_pair.1)),
          arrayMap(
            level_pair -> (
              level_pair.1,
              level_pair.2,
              transform(
                concat(
                  transform(level_pair.1, {scaled_roles:Array(UInt16)}, {scales:Array(String)}, ''),
                  replaceRegexpOne(upper(level_pair.3), '([A-Z])[+-]?[0-9]+$', '\\\\1')),
                {level_spellings:Array(String)},
                {levels:Array(String)},
                ''),
              upper(level_pair.3)),
            arrayFilter(known_pair -> ${of('level')}, known))
        ) AS choice_level,
        arrayFirst(known_pair -> ${of('message')} AND known_pair.3 != '', known) AS choice_message,
        ${plain.map((column) => `arrayFirst(known_pair -> ${of(column)} AND known_pair.3 != '' AND NOT startsWith(known_pair.3, '{'), known) AS choice_${column}`).join(',\n        ')}
      FROM (
        SELECT
          *,
          toString(toDate(fromUnixTimestamp64Milli(arrived_ms + 86400000, 'UTC'))) AS latest_day,
          arrayFilter(known_pair -> ${of('time')}, known) AS stated_times,
          if(length(stated_times) < 2, stated_times, arrayPushBack(stated_times, ${dayWithClock('stated_times')})) AS times,
          arrayMap(value -> ${timeParts('value')}, times.3) AS times_in_parts
        FROM (
          SELECT
            *,
            -- By column, within it the line's own first, and of them the best name.
            arraySort(arrayFilter(known_pair -> known_pair.1 != 0, arrayMap(
              (role, pair, place) -> (
                if(role != 0 AND place > length(own_pairs), role + ${transportRoles}, role),
                place,
                pair.2),
              roles,
              pairs,
              arrayEnumerate(pairs)))) AS known
          FROM (
            SELECT
              *,
              arrayMap(
                name -> transform(replaceAll(replaceAll(lower(name), '_', ''), '-', ''), {names:Array(String)}, {roles:Array(UInt16)}, toUInt16(0)),
                pairs.1) AS roles
            FROM ${split}
          )
        )
      )
    )
  )`;
}

/** SQL of a day and a time of day under two keys as one choice; what stays of it as an attribute is the day. */
function dayWithClock(times: string): string {
  const like = (pattern: string) => `arrayFirst(time_pair -> match(time_pair.3, '${pattern}'), ${times})`;
  const clock = like('^[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?(Z|[+-][0-9]{2}:?[0-9]{2})?$');
  return `(${clock}.1, ${clock}.2, concat(${like('^[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}$')}.3, 'T', ${clock}.3))`;
}

/** SQL of whether a value is an X-Ray header, which holds more than the trace id. */
export function isTraceHeader(value: string): string {
  return `match(${value}, '(^|;)Root=')`;
}

/** A value that a column holds in part or in another spelling stays an attribute too; so does a status as level. */
function usedPlace(column: KeyedColumn): string {
  if (column === 'trace_id') return `if(${isTraceHeader('choice_trace_id.3')}, 0, choice_trace_id.2)`;
  return column === 'level'
    ? 'if(choice_level.3 = choice_level.4 AND NOT has({kept_level_roles:Array(UInt16)}, choice_level.1), choice_level.2, 0)'
    : `choice_${column}.2`;
}

/** Values of the parameters that {@link pickValues} names. */
export function pickParams(format: LogFormat): Readonly<Record<string, unknown>> {
  const named = Object.values(format.keys).flatMap((names, column) =>
    names.map((name, rank) => ({ name: plainName(name), role: (column + 1) * rolesPerColumn + rank })),
  );
  const rolesOf = (keys: readonly string[]) =>
    named.filter(({ name }) => keys.includes(name)).flatMap(({ role }) => [role, role + transportRoles]);
  const scaled = levelScales.flatMap(({ levelOf }, scale) =>
    levelOf.map((level, number) => ({ level, text: `${scalePrefix(scale)}${number}` })),
  );
  const spelled = Object.entries(levelSpellings).flatMap(([level, texts]) => texts.map((text) => ({ level, text })));
  const spellings = [...spelled, ...scaled];
  const scales = levelScales.flatMap(({ key }, scale) =>
    rolesOf([plainName(key)]).map((role) => ({ role, prefix: scalePrefix(scale) })),
  );
  return {
    ...timeParams,
    names: named.map(({ name }) => name),
    roles: named.map(({ role }) => role),
    kept_level_roles: rolesOf(wordLevelKeys),
    word_level_roles: rolesOf([...wordLevelKeys, ...findingLevelKeys]),
    scaled_roles: scales.map(({ role }) => role),
    scales: scales.map(({ prefix }) => prefix),
    level_spellings: spellings.map(({ text }) => text),
    levels: spellings.map(({ level }) => level),
  };
}

function scalePrefix(scale: number): string {
  return `${scale}:`;
}
