import type { KeyedColumn } from '../../formats/logs/known-keys.ts';
import { levelSpellings } from '../../formats/logs/levels.ts';
import type { LogFormat } from '../../formats/logs/log-format.ts';
import { epochOfParts, isTime, timeParams, timeParts } from './epoch-expression.ts';

/** A role says for which column a name may serve, and how well: the column's place × 100 + the name's place in its list. */
const rolesPerColumn = 100;

/**
 * SQL that decides which values of `split` (see splitShapes) become which column: a subquery that adds to its columns
 *
 * - `picked_<column>` for each column with known names: the value, empty when there is none;
 *   `picked_time` is in milliseconds since 1970, 0 when there is none,
 * - `attributes`: everything that was not picked, as a map.
 *
 * @param split subquery with `pairs`, `text` and `arrived_ms`
 */
export function pickValues(format: LogFormat, split: string): string {
  const columns = Object.keys(format.keys) as KeyedColumn[];
  const plain = columns.filter((column) => !['time', 'level', 'message'].includes(column));
  const of = (column: KeyedColumn) => `intDiv(known_pair.1, ${rolesPerColumn}) = ${columns.indexOf(column) + 1}`;
  return `(
    SELECT
      *,
      ${columns.map((column) => `${column === 'level' ? 'choice_level.3' : `choice_${column}.2`} AS picked_${column}`).join(',\n      ')},
      [${columns.map(usedRole).join(', ')}] AS used_roles,
      CAST(
        arrayFilter((pair, role) -> pair.2 != '' AND (role = 0 OR NOT has(used_roles, role)), pairs, roles),
        'Map(String, String)') AS attributes
    FROM (
      SELECT
        *,
        arrayFirst(
          time_pair -> ${isTime('time_pair.2')},
          arrayMap((role, parts) -> (role, ${epochOfParts('parts', 'latest_day', format.bareMilliseconds)}), times.1, times_in_parts)
        ) AS choice_time,
        arrayFirst(
          level_pair -> level_pair.3 != '',
          arrayMap(
            level_pair -> (
              level_pair.1,
              upper(level_pair.2),
              transform(replaceRegexpOne(upper(level_pair.2), '([A-Z])[0-9]$', '\\\\1'), {level_spellings:Array(String)}, {levels:Array(String)}, '')),
            arrayFilter(known_pair -> ${of('level')}, known))
        ) AS choice_level,
        arrayFirst(known_pair -> ${of('message')} AND known_pair.2 != '', known) AS choice_message,
        ${plain.map((column) => `arrayFirst(known_pair -> ${of(column)} AND known_pair.2 != '' AND NOT startsWith(known_pair.2, '{'), known) AS choice_${column}`).join(',\n        ')}
      FROM (
        SELECT
          *,
          toString(toDate(fromUnixTimestamp64Milli(arrived_ms + 86400000, 'UTC'))) AS latest_day,
          arrayFilter(known_pair -> ${of('time')}, known) AS times,
          arrayMap(value -> ${timeParts('value')}, times.2) AS times_in_parts
        FROM (
          SELECT
            *,
            -- By column, and within it the best name first.
            arraySort(arrayFilter(known_pair -> known_pair.1 != 0, arrayZip(roles, pairs.2))) AS known
          FROM (
            SELECT
              *,
              arrayMap(name -> transform(name, {names:Array(String)}, {roles:Array(UInt16)}, toUInt16(0)), pairs.1) AS roles
            FROM ${split}
          )
        )
      )
    )
  )`;
}

/** A level that was spelled otherwise stays an attribute as well, as it was written. */
function usedRole(column: KeyedColumn): string {
  return column === 'level' ? 'if(choice_level.2 = choice_level.3, choice_level.1, 0)' : `choice_${column}.1`;
}

/** Values of the parameters that {@link pickValues} names. */
export function pickParams(format: LogFormat): Readonly<Record<string, unknown>> {
  const named = Object.values(format.keys).flatMap((names, column) =>
    names.map((name, rank) => ({ name, role: (column + 1) * rolesPerColumn + rank })),
  );
  const spellings = Object.entries(levelSpellings).flatMap(([level, texts]) => texts.map((text) => ({ level, text })));
  return {
    ...timeParams,
    names: named.map(({ name }) => name),
    roles: named.map(({ role }) => role),
    level_spellings: spellings.map(({ text }) => text),
    levels: spellings.map(({ level }) => level),
  };
}
