import type { Engine } from '../engine/engine.ts';
import { knownKeys, plainName } from '../formats/logs/known-keys.ts';
import { timePattern } from '../formats/logs/time-forms.ts';

export const timeNotFound = 'time_not_found';

/**
 * Finds keys whose values look like times, or that are known to tell the time and do not, among the rows of a batch that
 * have the time of their arrival.
 * @returns a message and the name of a file with such lines; undefined where there are none, or an event of the last
 *   day reports the same
 */
export async function findUnknownTimes(
  engine: Engine,
  batch: string,
): Promise<{ detail: string; filename: string } | undefined> {
  const keys = await engine.rows<{ key: string; is_time: boolean; filename: string }>({
    sql: `
      SELECT pair.1 AS key, match(pair.2, {time:String}) AS is_time, min(filename) AS filename
      FROM (
        SELECT filename, CAST(attributes, 'Array(Tuple(String, String))') AS pairs
        FROM logs WHERE batch = {batch:UInt64} AND time_from = 'arrival' AND notEmpty(attributes)
        LIMIT ${mostRows}
      )
      ARRAY JOIN pairs AS pair
      WHERE is_time AND (match(pair.1, {named:String}) OR NOT match(pair.2, '^[0-9.]+$'))
        OR NOT is_time AND has({known:Array(String)}, replaceAll(replaceAll(lower(pair.1), '_', ''), '-', ''))
      GROUP BY key, is_time ORDER BY is_time DESC, count() DESC, key LIMIT ${mostKeys}`,
    params: { batch, time: timePattern, named: namedLikeTime, known: knownKeys.time.map(plainName) },
  });
  const [most] = keys;
  if (!most) return undefined;
  const names = (list: typeof keys) => list.map(({ key }) => `"${key}"`).join(', ');
  const [times, others] = [keys.filter((key) => key.is_time), keys.filter((key) => !key.is_time)];
  const causes = [
    ...(others.length > 0 ? [`the values of these keys cannot be read as a time: ${names(others)}`] : []),
    ...(times.length > 0 ? [`these keys look like times and are not known to tell it: ${names(times)}`] : []),
  ];
  const detail =
    `lines have the time of their arrival; ${causes.join('; ')}; ` +
    "name the right one as names.time of the pipeline's format, or with --names time=KEY, or write times as ISO 8601";
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
