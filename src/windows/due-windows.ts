import type { Engine } from '../engine/engine.ts';
import type { CompiledQuery } from './compile-query.ts';
import { startsOfPane } from './pane-starts.ts';
import { gridOf } from './window-query.ts';

/** A window that is over and was not emitted, or that has more rows than when it was emitted. */
export interface DueWindow {
  /** Epoch ms. */
  readonly startMs: number;
  readonly endMs: number;
  /** 0 for the first emission. */
  readonly correction: number;
  /** Rows of its source. */
  readonly sourceRows: number;
}

/** Due windows, the oldest first. */
export async function readDueWindows(
  engine: Engine,
  compiled: CompiledQuery,
  { watermarkMs, most }: { readonly watermarkMs: number; readonly most: number },
): Promise<DueWindow[]> {
  const { query, version } = compiled;
  if (!Number.isFinite(watermarkMs)) return [];
  const { sizeMs } = gridOf(query.window);
  return engine.rows<DueWindow>({
    sql: `
      SELECT p.startMs AS startMs, p.startMs + ${sizeMs} AS endMs, p.rows AS sourceRows, if(e.emissions > 0, e.last + 1, 0) AS correction
      FROM (
        SELECT arrayJoin(${startsOfPane('start', query)}) AS startMs, sum(rows) AS rows
        FROM window_panes
        WHERE version = {version:UInt64} AND start < {watermark:Int64}
          AND fold IN (SELECT fold FROM window_folds WHERE version = {version:UInt64})
        GROUP BY startMs
        HAVING startMs + ${sizeMs} <= {watermark:Int64}
      ) AS p
      LEFT JOIN (
        SELECT
          toUnixTimestamp64Milli(window_start) AS startMs, count() AS emissions, max(correction) AS last,
          argMax(source_rows, correction) AS rows
        FROM window_emissions
        WHERE query = {query:String} AND version = {version:UInt64}
          AND window_start >= (
            SELECT fromUnixTimestamp64Milli(min(start) - ${sizeMs}, 'UTC') FROM window_panes WHERE version = {version:UInt64}
          )
        GROUP BY startMs
      ) AS e ON p.startMs = e.startMs
      WHERE p.rows > e.rows
      ORDER BY startMs
      LIMIT {most:UInt32}`,
    params: { query: query.name, version, watermark: watermarkMs, most },
  });
}
