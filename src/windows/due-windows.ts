import type { Engine } from '../engine/engine.ts';
import type { CompiledQuery } from './compile-query.ts';
import { startsOfPane } from './panes.ts';
import { type GridShape, gridOf } from './window-query.ts';

/** A window that is over and was not emitted, or that has more rows than when it was emitted. */
export interface DueWindow {
  /** Epoch ms. */
  readonly startMs: number;
  readonly endMs: number;
  /** Its last moment, or the last row of a session; epoch ms. */
  readonly lastMs: number;
  /** Of a session. */
  readonly key: readonly string[];
  /** 0 for the first emission. */
  readonly correction: number;
  /** Rows of its source; none for a session that another one has taken up. */
  readonly sourceRows: number;
}

/** Due windows of a grid, the oldest first. */
export async function readDueWindows(
  engine: Engine,
  { query, version }: Pick<CompiledQuery, 'query' | 'version'>,
  window: GridShape,
  { watermarkMs, most }: { readonly watermarkMs: number; readonly most: number },
): Promise<DueWindow[]> {
  const { sizeMs } = gridOf(window);
  return engine.rows<DueWindow>({
    sql: `
      SELECT p.startMs AS startMs, p.startMs + ${sizeMs} AS endMs, endMs - 1 AS lastMs, [] AS key, p.rows AS sourceRows, if(e.emissions > 0, e.last + 1, 0) AS correction
      FROM (
        SELECT arrayJoin(${startsOfPane('start', window, query.latenessMs)}) AS startMs, sum(rows) AS rows
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
    settings: { max_threads: 1 },
  });
}
