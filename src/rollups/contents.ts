import type { Engine } from '../engine/engine.ts';
import { contentsOfHour } from '../store/rollups.ts';
import { dayMs, hourMs, type Range } from './range.ts';

/** A whole hour or day that holds rows. */
export interface Period {
  readonly startMs: number;
  readonly hours: 1 | 24;
  /** Rows of `requests` in it. */
  readonly rows: number;
  /** With the number of rows, their identity: a UInt64 in decimal digits. */
  readonly fingerprint: string;
  /** The block of the rollups that sums up exactly these rows; absent if there is none. */
  readonly block?: string;
  /** Whether that block has no clients. */
  readonly lacksClients?: true;
}

/**
 * The hours and days in a range that hold rows, each with its block. Reads sums that the engine keeps with the parts.
 * @param range is widened to whole days
 */
export async function readContents(engine: Engine, range: Range): Promise<Period[]> {
  const found = await engine.rows<
    Record<'start' | 'hours' | 'rows' | 'lacks', number> & { fingerprint: string; block: string }
  >({
    sql: `
      WITH by_hour AS (
        SELECT ${contentsOfHour.hour} AS start, ${contentsOfHour.rows} AS rows, ${contentsOfHour.fingerprint} AS fingerprint
        FROM requests
        WHERE ${contentsOfHour.hour} >= {from:DateTime('UTC')} AND ${contentsOfHour.hour} < {to:DateTime('UTC')}
        GROUP BY start
      )
      SELECT
        toUnixTimestamp(start) AS start,
        hours,
        rows,
        toString(fingerprint) AS fingerprint,
        if(min(made.block) = 0, '', toString(min(made.block))) AS block,
        toUInt8(argMin(made.lacks_clients, made.block)) AS lacks
      FROM (
        SELECT start, toUInt8(1) AS hours, rows, fingerprint FROM by_hour
        UNION ALL
        SELECT toStartOfDay(start) AS start, toUInt8(24) AS hours, sum(rows) AS rows, sum(fingerprint) AS fingerprint
        FROM by_hour
        GROUP BY start
      ) AS held
      LEFT JOIN rollup_blocks AS made USING (start, hours, rows, fingerprint)
      GROUP BY start, hours, rows, fingerprint
      ORDER BY start, hours`,
    params: {
      from: new Date(Math.floor(range.fromMs / dayMs) * dayMs),
      to: new Date(Math.ceil(range.toMs / dayMs) * dayMs),
    },
  });
  return found.map(({ start, hours, rows, fingerprint, block, lacks }) => ({
    startMs: start * 1000,
    hours: hours === 24 ? 24 : 1,
    rows,
    fingerprint,
    ...(block === '' ? {} : { block }),
    ...(lacks ? { lacksClients: true as const } : {}),
  }));
}

export function endOf({ startMs, hours }: Period): number {
  return startMs + hours * hourMs;
}
