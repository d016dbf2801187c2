import type { Engine } from '../engine/engine.ts';
import { newBatchId } from '../ledger/batch-id.ts';
import { isTrustedWorker } from '../ledger/worker.ts';
import { storeAnswer } from './answer-rows.ts';
import type { CompiledQuery } from './compile-query.ts';
import { acceptedFrom, keyOfRow, lastEndOfPane, lowestMs, noKey, paneOfRow } from './panes.ts';
import type { UnfoldedBatch } from './read-unfolded.ts';
import { epochMs } from './source-rows.ts';

export interface FoldContext {
  readonly engine: Engine;
  /** Id of the worker that folds; empty where there is only one process. */
  readonly worker: string;
  /** For answers on their way into the store. */
  readonly spoolDirectory: string;
}

export interface FoldMoment {
  /** Of the query, epoch ms; -Infinity before the first event. */
  readonly watermarkMs: number;
  /** Later events are in the future; epoch ms. */
  readonly latestMs: number;
}

export interface FoldedFeed {
  readonly feed: string;
  /** Latest event that is not in the future, epoch ms; undefined without one. */
  readonly maxMs: number | undefined;
}

export interface Folded {
  readonly rows: number;
  /** Rows whose windows take no more, or that are a day in the future. */
  readonly dropped: number;
  readonly feeds: readonly FoldedFeed[];
}

/** Rows that one question folds: it then has no more rows than a person's may have. */
const maxRowsAtOnce = 500_000;
/** A row so far in the future is a fault, and its window would be kept until then. */
const tooFarMs = 86_400_000;

const columns = [
  ['pane', 'Int64'],
  ['key', 'Array(String)'],
  ['keys', 'Array(Nullable(String))'],
  ['states', 'Array(String)'],
] as const;

/**
 * Folds closed batches into the panes and states of a query. Nothing of it counts before the last statement, which records
 * that the batches are folded.
 * @param batches whole ones, of a single look
 */
export async function foldBatches(
  { engine, worker, spoolDirectory }: FoldContext,
  compiled: CompiledQuery,
  batches: readonly UnfoldedBatch[],
  { watermarkMs, latestMs }: FoldMoment,
): Promise<Folded> {
  const { query, version, states } = compiled;
  const fold = newBatchId();
  const ids = [...new Set(batches.map(({ batch }) => batch))];
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
  const watermark = Number.isFinite(watermarkMs) ? watermarkMs : lowestMs;
  const params = {
    batches: ids.map(BigInt),
    version,
    fold,
    watermark,
    from: acceptedFrom(watermark, query),
    to: latestMs + tooFarMs,
    worker,
  };
  const windowKey = keyOfRow(query.window);
  const isOfBatches = 'batch IN {batches:Array(UInt64)}';
  const isAccepted = `${epochMs} >= {from:Int64} AND ${epochMs} < {to:Int64}`;
  const feeds = await readFeedTimes(engine, compiled, batches, latestMs);
  if (rows > 0) {
    await engine.run({
      sql: `
        INSERT INTO window_panes (version, fold, start, end, watermark, rows, written_at, key, first, last)
        SELECT
          {version:UInt64}, {fold:UInt64}, ${paneOfRow(query.window)} AS start, ${lastEndOfPane('start', query.window)},
          {watermark:Int64}, count(), now('UTC'), ${windowKey ?? noKey} AS key, ${windowKey ? `min(${epochMs}), max(${epochMs})` : '0, 0'}
        FROM ${query.from}
        WHERE ${isOfBatches} AND ${isAccepted}
        GROUP BY start${windowKey ? ', key' : ''}`,
      params,
      settings: { max_threads: 1 },
    });
    const portions = Math.max(1, Math.ceil(rows / maxRowsAtOnce));
    for (let portion = 0; states && portion < portions; portion++) {
      const some = portions === 1 ? '' : ` AND line_number % ${portions} = ${portion}`;
      const question = {
        sql: states.fold(`${isOfBatches} AND ${isAccepted}${some}`),
        params: { batches: params.batches, from: params.from, to: params.to },
      };
      const insert = (source: string) => ({
        sql: `
          INSERT INTO window_states (version, fold, pane, watermark, keys, states, written_at, key)
          SELECT {version:UInt64}, {fold:UInt64}, pane, {watermark:Int64}, keys, states, now('UTC'), key
          FROM ${source}`,
        params: { version, fold, watermark },
      });
      await storeAnswer(engine, question, { columns, insert }, spoolDirectory);
    }
  }
  const dropped = await record(engine, { params, batches, feeds, rows });
  return { rows, dropped, feeds };
}

/** The ledger knows the latest event of an object; where that is in the future, the rows do. */
async function readFeedTimes(
  engine: Engine,
  { query }: CompiledQuery,
  batches: readonly UnfoldedBatch[],
  latestMs: number,
): Promise<FoldedFeed[]> {
  const feeds: FoldedFeed[] = [];
  for (const { feed, batch, rows, lastMs, objects } of batches) {
    if (rows === 0) feeds.push({ feed, maxMs: undefined });
    else if (lastMs <= latestMs) feeds.push({ feed, maxMs: lastMs });
    else {
      const [found] = await engine.rows<{ maxMs: number; rows: number }>({
        sql: `
          SELECT max(${epochMs}) AS maxMs, count() AS rows
          FROM ${query.from}
          WHERE batch = {batch:UInt64} AND object IN {objects:Array(UInt32)} AND ${epochMs} <= {latest:Int64}`,
        params: { batch, objects, latest: latestMs },
      });
      feeds.push({ feed, maxMs: found && found.rows > 0 ? found.maxMs : undefined });
    }
  }
  return feeds;
}

interface Recorded {
  readonly params: Readonly<Record<string, unknown>>;
  readonly batches: readonly UnfoldedBatch[];
  readonly feeds: readonly FoldedFeed[];
  readonly rows: number;
}

/** @returns rows that no pane has */
async function record(engine: Engine, { params, batches, feeds, rows }: Recorded): Promise<number> {
  await engine.run({
    sql: `
      INSERT INTO window_folds (version, batch, feed, fold, max_time, watermark, rows, dropped, written_at)
      SELECT
        {version:UInt64}, f.1, f.2, {fold:UInt64}, f.3, {watermark:Int64}, f.4,
        if(f.5, {rows:UInt64} - (SELECT sum(rows) FROM window_panes WHERE version = {version:UInt64} AND fold = {fold:UInt64}), 0),
        now('UTC')
      FROM (
        SELECT arrayJoin(arrayZip({ids:Array(UInt64)}, {feeds:Array(String)}, {times:Array(Int64)}, {counts:Array(UInt64)}, {first:Array(Bool)})) AS f
      )
      WHERE ${isTrustedWorker}`,
    params: {
      ...params,
      rows,
      ids: batches.map(({ batch }) => BigInt(batch)),
      feeds: batches.map(({ feed }) => feed),
      times: feeds.map(({ maxMs }) => maxMs ?? lowestMs),
      counts: batches.map((batch) => batch.rows),
      first: batches.map((_, index) => index === 0),
    },
    settings: { max_threads: 1 },
  });
  const [found] = await engine.rows<{ dropped: number; recorded: number }>({
    sql: 'SELECT sum(dropped) AS dropped, count() AS recorded FROM window_folds WHERE version = {version:UInt64} AND fold = {fold:UInt64}',
    params,
    settings: { max_threads: 1 },
  });
  if (!found?.recorded)
    throw new Error(
      'cannot record folded batches: the store was unreachable for too long, so another worker may fold them by now',
    );
  return found.dropped;
}
