import type { Engine } from '../engine/engine.ts';

/** How a pipeline's lines usually come. */
export interface Feed {
  readonly pipeline: string;
  /** When lines were stored last, epoch ms. */
  readonly lastStoredAtMs: number;
  /** What 9 of 10 of its last 100 gaps did not exceed, milliseconds; null while there are fewer than 3. */
  readonly usualGapMs: number | null;
}

/**
 * A gap lies between two intervals of 5 seconds in which lines were stored: objects that come together are no gaps.
 * Of a week, since the ledger is read as a whole.
 */
export async function readFeeds(engine: Engine): Promise<readonly Feed[]> {
  return engine.rows<Feed & Record<string, unknown>>({
    sql: `
      SELECT
        pipeline,
        toFloat64(max(slot)) * 1000 AS lastStoredAtMs,
        if(count() > 3, arrayReduce('quantileExact(0.9)', arrayPopFront(arrayDifference(arraySort(groupArray(slot))))) * 1000., NULL)
          AS usualGapMs
      FROM (
        SELECT DISTINCT pipeline, toUnixTimestamp(toStartOfInterval(stored_at, toIntervalSecond(5))) AS slot
        FROM ledger
        WHERE pipeline != '' AND stored_at >= now() - toIntervalDay(7)
        ORDER BY slot DESC
        LIMIT 101 BY pipeline
      )
      GROUP BY pipeline`,
  });
}
