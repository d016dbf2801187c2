import { columnsOf, type Rollup } from '../store/rollup-tables.ts';

/** How rows are grouped by time. */
export type TimeUnit = 'minute' | 'hour' | 'day';

/**
 * SELECT over `requests` with the columns of a rollup: `r_start`, and the others with the same prefix, since a column
 * that is named as one of the rows would be taken for it.
 * @param where SQL over the rows, by {@link rowsBetween}
 */
export function sumRows(rollup: Rollup, unit: TimeUnit, where: string): string {
  const columns = Object.entries({ ...rollup.keys, ...rollup.measures });
  return `
    SELECT ${timeOf(unit)} AS r_start, ${columns.map(([name, { ofRows }]) => `${ofRows} AS r_${name}`).join(', ')}
    FROM requests
    WHERE ${where}
    GROUP BY r_start${Object.keys(rollup.keys)
      .map((name) => `, r_${name}`)
      .join('')}`;
}

/** What {@link sumRows} selects, cut to the rollup's list by `most`. */
export function listMost(rollup: Rollup, most: number, select: string): string {
  const columns = columnsOf(rollup).map((name) => `r_${name}`);
  const heaviest = 'PARTITION BY r_start ORDER BY r_weight DESC, r_path';
  return `
    SELECT * EXCEPT (place, rows_of_all, next) REPLACE (if(place = 1, rows_of_all, 0) AS r_rows, next AS r_unlisted)
    FROM (
      SELECT *, max(if(place > ${most}, r_weight, 0)) OVER (PARTITION BY r_start) AS next
      FROM (
        SELECT
          r_start, ${columns.join(', ')},
          row_number() OVER (${heaviest}) AS place,
          sum(r_rows) OVER (PARTITION BY r_start) AS rows_of_all
        FROM (${select})
      )
      WHERE place <= ${most + 1}
    )
    WHERE place <= ${most}`;
}

/** SQL: rows between two moments in whole minutes; each form is one that the engine finds its sums or its rows by. */
export function rowsBetween({ isFromMinutes }: Rollup, from: string, to: string): string {
  const minutes = `toStartOfMinute(time) >= ${from} AND toStartOfMinute(time) < ${to}`;
  return isFromMinutes
    ? minutes
    : `time >= ${from} AND time < ${to} AND toStartOfHour(time) >= toStartOfHour(${from}) AND toStartOfHour(time) < ${to}`;
}

/** Of the minute, which the sums by minute have. */
export function timeOf(unit: TimeUnit): string {
  const minute = 'toStartOfMinute(time)';
  return { minute, hour: `toStartOfHour(${minute})`, day: `toStartOfDay(${minute})` }[unit];
}
