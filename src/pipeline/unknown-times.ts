import type { Engine } from '../engine/engine.ts';
import { timePattern } from '../formats/logs/time-forms.ts';

export const timeNotFound = 'time_not_found';

/**
 * Finds keys whose values look like times, among the rows of a batch that have the time of their arrival.
 * @returns a message and the name of a file with such lines; undefined where there are none, or an event of the last
 *   day reports the same
 */
export async function findUnknownTimes(
  engine: Engine,
  batch: string,
): Promise<{ detail: string; filename: string } | undefined> {
  const keys = await engine.rows<{ key: string; filename: string }>({
    sql: `
      SELECT pair.1 AS key, min(filename) AS filename
      FROM (
        SELECT filename, CAST(attributes, 'Array(Tuple(String, String))') AS pairs
        FROM logs WHERE batch = {batch:UInt64} AND time_from = 'arrival' AND notEmpty(attributes)
        LIMIT ${mostRows}
      )
      ARRAY JOIN pairs AS pair
      WHERE match(pair.2, {time:String}) AND (match(pair.1, {named:String}) OR NOT match(pair.2, '^[0-9.]+$'))
      GROUP BY key ORDER BY count() DESC, key LIMIT ${mostKeys}`,
    params: { batch, time: timePattern, named: namedLikeTime },
  });
  const [most] = keys;
  if (!most) return undefined;
  const names = keys.map(({ key }) => `"${key}"`).join(', ');
  const detail =
    `lines have the time of their arrival, since none of their keys is known to tell it; these look like times: ${names}; ` +
    "name the right one as names.time of the pipeline's format, or with --names time=KEY";
  const [known] = await engine.rows<{ count: number }>({
    sql: `SELECT count() AS count FROM events
          WHERE name = {name:String} AND detail = {detail:String} AND at > now64(3) - INTERVAL 1 DAY`,
    params: { name: timeNotFound, detail },
  });
  return known && known.count > 0 ? undefined : { detail, filename: most.filename };
}

const mostRows = 10_000;
const mostKeys = 5;
/** Required for plain numbers, which may be anything. */
const namedLikeTime = '(?i)time|date|stamp|epoch|clock|when|created|(^|[^a-z])(ts|at|on)$';
