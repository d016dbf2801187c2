import type { Engine } from '../engine/engine.ts';
import { compileFilter } from '../filters/compile-filter.ts';
import type { Filter } from '../filters/filter.ts';
import { requestFields } from '../filters/request-fields.ts';
import { type AlertRange, readRows, sqlTime } from './read-rows.ts';

/** A value whose requests have changed in number. */
export interface Contribution {
  /** `distribution`, `host`, `path`, `status`, `country` or `edge_location`. */
  readonly dimension: string;
  readonly value: string;
  /** Requests in the range, and in the baseline scaled to its length. */
  readonly requests: number;
  readonly before: number;
  /** Of the change of all requests that count: 0.8 is four fifths. */
  readonly share: number;
}

const dimensions = ['distribution', 'host', 'path', 'status', 'country', 'edge_location'] as const;
const mostContributions = 6;
/** A smaller one explains nothing. */
const leastShare = 0.1;
const hourMs = 3_600_000;

export interface ChangesOptions {
  readonly filter: Filter;
  readonly range: AlertRange;
  readonly signal: AbortSignal;
}

/**
 * What the requests of a range have in common beside those of the hour before it: for each dimension the value with the largest
 * share of the change. One query, whose limits are those of the alert's.
 */
export async function findChanges(engine: Engine, { filter, range, signal }: ChangesOptions): Promise<Contribution[]> {
  const { fromMs, toMs } = range;
  const condition = compileFilter(filter, requestFields);
  const sql = `
    SELECT dimension, value, now AS requests, earlier * {scale:Float64} AS before, total_now - total_earlier * {scale:Float64} AS change
    FROM (
      SELECT
        pair.1 AS dimension, pair.2 AS value, sumIf(weight, is_now) AS now, sumIf(weight, NOT is_now) AS earlier,
        sum(now) OVER (PARTITION BY dimension) AS total_now, sum(earlier) OVER (PARTITION BY dimension) AS total_earlier
      FROM (
        SELECT
          time >= {start:DateTime('UTC')} AS is_now,
          100 / sampling_rate AS weight,
          arrayJoin([${dimensions.map((name) => `('${name}', toString(${name}))`).join(', ')}]) AS pair
        FROM requests
        WHERE time >= {from} AND time < {to} AND toStartOfHour(time) >= toStartOfHour({from})
          AND toStartOfHour(time) < {to}
          ${condition.sql === '' ? '' : `AND ${condition.sql}`}
      )
      GROUP BY dimension, value
    )
    ORDER BY (requests - before) / change DESC, dimension, value
    LIMIT 1 BY dimension`;
  const params = {
    start: sqlTime(fromMs),
    scale: (toMs - fromMs) / hourMs,
    ...condition.params,
  };
  const rows = await readRows(engine, { sql, range: { fromMs: fromMs - hourMs, toMs }, params }, signal);
  return rows
    .map(({ dimension, value, requests, before, change }) => ({
      dimension: String(dimension),
      value: String(value).slice(0, 500),
      requests: round(Number(requests)),
      before: round(Number(before)),
      share: round((Number(requests) - Number(before)) / Number(change)),
    }))
    .filter(({ share, value }) => value !== '' && share >= leastShare)
    .toSorted((one, other) => other.share - one.share)
    .slice(0, mostContributions);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
