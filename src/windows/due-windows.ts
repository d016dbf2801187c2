import type { Engine } from '../engine/engine.ts';
import type { CompiledQuery } from './compile-query.ts';
import { lowestMs, startsOfPane } from './panes.ts';
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

export interface GridSearch {
  readonly kind: 'grid';
  readonly compiled: Pick<CompiledQuery, 'query' | 'version'>;
  readonly window: GridShape;
  /** Epoch ms. */
  readonly watermarkMs: number;
  /** Windows that end until then are emitted, and have no further rows; epoch ms. */
  readonly afterMs: number;
  /** Windows that are taken. */
  readonly most: number;
}

/** Due windows of grids, the oldest first: of each query, in one statement. */
export async function readDueWindows(engine: Engine, searches: readonly GridSearch[]): Promise<DueWindow[][]> {
  if (searches.length === 0) return [];
  const found = await engine.rows<DueWindow & { at: number }>({
    sql: searches.map((search, at) => `SELECT * FROM (${dueOfGrid(search, at)})`).join(' UNION ALL '),
    params: Object.assign(
      {},
      ...searches.map(({ compiled: { query, version }, window, watermarkMs, afterMs, most }, at) => ({
        [`most_${at}`]: most,
        [`query_${at}`]: query.name,
        [`version_${at}`]: version,
        [`watermark_${at}`]: watermarkMs,
        [`from_${at}`]: Math.max(lowestMs, afterMs - gridOf(window).sizeMs),
      })),
    ),
    settings: { max_threads: 1 },
  });
  return searches.map((_, index) =>
    found
      .filter(({ at }) => at === index)
      .map(({ at: __, ...due }) => due)
      .toSorted((one, other) => one.startMs - other.startMs),
  );
}

function dueOfGrid({ compiled: { query }, window }: GridSearch, at: number): string {
  const { sizeMs } = gridOf(window);
  const [name, version] = [`{query_${at}:String}`, `{version_${at}:UInt64}`];
  const [from, watermark] = [`{from_${at}:Int64}`, `{watermark_${at}:Int64}`];
  return `
      SELECT ${at} AS at, p.startMs AS startMs, p.startMs + ${sizeMs} AS endMs, endMs - 1 AS lastMs, [] AS key, p.rows AS sourceRows, if(e.emissions > 0, e.last + 1, 0) AS correction
      FROM (
        SELECT arrayJoin(${startsOfPane('start', window, query.latenessMs)}) AS startMs, sum(rows) AS rows
        FROM window_panes
        WHERE version = ${version} AND start >= ${from} AND start < ${watermark}
          AND fold IN (SELECT fold FROM window_folds WHERE version = ${version})
        GROUP BY startMs
        HAVING startMs >= ${from} AND startMs + ${sizeMs} <= ${watermark}
      ) AS p
      LEFT JOIN (
        SELECT
          toUnixTimestamp64Milli(window_start) AS startMs, count() AS emissions, max(correction) AS last,
          argMax(source_rows, correction) AS rows
        FROM window_emissions
        WHERE query = ${name} AND version = ${version} AND window_start >= fromUnixTimestamp64Milli(${from}, 'UTC')
        GROUP BY startMs
      ) AS e ON p.startMs = e.startMs
      WHERE p.rows > e.rows
      ORDER BY startMs
      LIMIT {most_${at}:UInt32}`;
}
