import type { Engine, Statement } from '../engine/engine.ts';
import { newBatchId } from '../ledger/batch-id.ts';
import { isTrustedWorker } from '../ledger/worker.ts';
import { storeAnswers } from './answer-rows.ts';
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

/** What a query is to fold. */
export interface Fold {
  readonly compiled: CompiledQuery;
  /** Whole ones. */
  readonly batches: readonly UnfoldedBatch[];
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
/** Up to so many, a fold is part of keeping up; more are a backlog, or a large ingest, which goes first. */
const fewRows = 15_000;
/** A row so far in the future is a fault, and its window would be kept until then. */
const tooFarMs = 86_400_000;

const columns = [
  ['pane', 'Int64'],
  ['key', 'Array(String)'],
  ['keys', 'Array(Nullable(String))'],
  ['states', 'Array(String)'],
] as const;

/** A fold, and what its statements need. */
interface Begun extends Fold {
  readonly rows: number;
  readonly feeds: readonly FoldedFeed[];
  /** As {@link Fold.watermarkMs}, a number of the store. */
  readonly watermark: number;
  /** Its batches. */
  readonly ids: readonly bigint[];
}

/**
 * Folds closed batches into the panes and states of queries, each table by one statement for all of them. Nothing of it
 * counts before the last statement, which records that the batches are folded.
 * @returns of each fold
 */
export async function foldBatches(
  { engine, worker, spoolDirectory }: FoldContext,
  folds: readonly Fold[],
): Promise<Folded[]> {
  if (folds.length === 0) return [];
  const id = newBatchId();
  const begun: Begun[] = [];
  for (const fold of folds) {
    const rows = fold.batches.reduce((sum, batch) => sum + batch.rows, 0);
    const watermark = Number.isFinite(fold.watermarkMs) ? fold.watermarkMs : lowestMs;
    const ids = [...new Set(fold.batches.map(({ batch }) => BigInt(batch)))];
    begun.push({ ...fold, rows, watermark, ids, feeds: await readFeedTimes(engine, fold) });
  }
  const full = begun.filter(({ rows }) => rows > 0);
  if (full.length > 0) await engine.run(insertPanes(id, full));
  await storeStates(engine, id, full, spoolDirectory);
  return record(engine, begun, { id, worker });
}

/** SQL: the rows of a fold. @param suffix of its parameters, as in {@link boundsOf} */
function rowsOf(suffix = ''): string {
  return `batch IN {batches${suffix}:Array(UInt64)} AND ${epochMs} >= {from${suffix}:Int64} AND ${epochMs} < {to${suffix}:Int64}`;
}

function boundsOf({ compiled, watermark, latestMs, ids }: Begun, suffix = ''): Record<string, unknown> {
  const from = acceptedFrom(watermark, compiled.query);
  return { [`batches${suffix}`]: ids, [`from${suffix}`]: from, [`to${suffix}`]: latestMs + tooFarMs };
}

function insertPanes(id: string, folds: readonly Begun[]): Statement {
  const selects = folds.map(({ compiled: { query, version }, watermark }, index) => {
    const key = keyOfRow(query.window);
    return `
        SELECT
          toUInt64(${version}), {fold:UInt64}, ${paneOfRow(query.window)} AS start, ${lastEndOfPane('start', query.window)},
          toInt64(${watermark}), count(), now('UTC'), ${key ?? noKey} AS key, ${key ? `min(${epochMs}), max(${epochMs})` : 'toInt64(0), toInt64(0)'}
        FROM ${query.from}
        WHERE ${rowsOf(`_${index}`)}
        GROUP BY start${key ? ', key' : ''}`;
  });
  return {
    sql: `
      INSERT INTO window_panes (version, fold, start, end, watermark, rows, written_at, key, first, last)
      ${selects.join(' UNION ALL ')}`,
    params: Object.assign({ fold: id }, ...folds.map((fold, index) => boundsOf(fold, `_${index}`))),
    settings: { max_threads: 1, optimize_use_projections: 0 },
  };
}

async function storeStates(engine: Engine, id: string, folds: readonly Begun[], folder: string): Promise<void> {
  const questions = folds.flatMap((fold) => {
    const { states } = fold.compiled;
    const portions = states ? Math.max(1, Math.ceil(fold.rows / maxRowsAtOnce)) : 0;
    return Array.from({ length: portions }, (_, portion) => {
      const some = portions === 1 ? '' : ` AND line_number % ${portions} = ${portion}`;
      const sql = states?.fold(`${rowsOf()}${some}`) ?? '';
      return { fold, sql, params: boundsOf(fold), isUrgent: fold.rows <= fewRows };
    });
  });
  const insert = (source: string) => ({
    sql: `
      INSERT INTO window_states (version, fold, pane, watermark, keys, states, written_at, key)
      SELECT {versions:Array(UInt64)}[object], {fold:UInt64}, pane, {watermarks:Array(Int64)}[object], keys, states, now('UTC'), key
      FROM ${source}`,
    params: {
      fold: id,
      versions: questions.map(({ fold }) => BigInt(fold.compiled.version)),
      watermarks: questions.map(({ fold }) => fold.watermark),
    },
  });
  await storeAnswers(engine, questions, { columns, insert }, folder);
}

/** The ledger knows the latest event of an object; where that is in the future, the rows do. */
async function readFeedTimes(engine: Engine, { compiled, batches, latestMs }: Fold): Promise<FoldedFeed[]> {
  const feeds: FoldedFeed[] = [];
  for (const { feed, batch, rows, lastMs, objects } of batches) {
    if (rows === 0) feeds.push({ feed, maxMs: undefined });
    else if (lastMs <= latestMs) feeds.push({ feed, maxMs: lastMs });
    else {
      const [found] = await engine.rows<{ maxMs: number; rows: number }>({
        sql: `
          SELECT max(${epochMs}) AS maxMs, count() AS rows
          FROM ${compiled.query.from}
          WHERE batch = {batch:UInt64} AND object IN {objects:Array(UInt32)} AND ${epochMs} <= {latest:Int64}`,
        params: { batch, objects, latest: latestMs },
      });
      feeds.push({ feed, maxMs: found && found.rows > 0 ? found.maxMs : undefined });
    }
  }
  return feeds;
}

async function record(
  engine: Engine,
  folds: readonly Begun[],
  { id, worker }: { readonly id: string; readonly worker: string },
): Promise<Folded[]> {
  const rows = folds.flatMap(({ compiled, watermark, rows: all, batches, feeds }) =>
    batches.map(({ batch, feed, rows: own }, index) => ({
      ...{ version: BigInt(compiled.version), batch: BigInt(batch), feed, watermark, rows: own },
      time: feeds[index]?.maxMs ?? lowestMs,
      // Of the whole fold, on its first row.
      all: index === 0 ? all : 0,
    })),
  );
  const params = { fold: id, worker, versions: folds.map(({ compiled }) => BigInt(compiled.version)) };
  await engine.run({
    sql: `
      INSERT INTO window_folds (version, batch, feed, fold, max_time, watermark, rows, dropped, written_at)
      WITH (
        SELECT sumMap(map(version, rows)) FROM window_panes WHERE version IN {versions:Array(UInt64)} AND fold = {fold:UInt64}
      ) AS stored
      SELECT f.1, f.2, f.3, {fold:UInt64}, f.4, f.5, f.6, if(f.7 > 0, f.7 - stored[f.1], 0), now('UTC')
      FROM (
        SELECT arrayJoin(arrayZip({version:Array(UInt64)}, {batch:Array(UInt64)}, {feed:Array(String)}, {time:Array(Int64)}, {watermark:Array(Int64)}, {rows:Array(UInt64)}, {all:Array(UInt64)})) AS f
      )
      WHERE ${isTrustedWorker}`,
    params: {
      ...params,
      ...Object.fromEntries(
        (['version', 'batch', 'feed', 'time', 'watermark', 'rows', 'all'] as const).map((name) => [
          name,
          rows.map((row) => row[name]),
        ]),
      ),
    },
    settings: { max_threads: 1 },
  });
  const found = await engine.rows<{ version: string; dropped: number }>({
    sql: `
      SELECT toString(version) AS version, sum(dropped) AS dropped
      FROM window_folds
      WHERE version IN {versions:Array(UInt64)} AND fold = {fold:UInt64}
      GROUP BY version`,
    params,
    settings: { max_threads: 1 },
  });
  const dropped = new Map(found.map((one) => [one.version, one.dropped]));
  return folds.map(({ compiled, rows: all, feeds }) => {
    const own = dropped.get(compiled.version);
    if (own === undefined)
      throw new Error(
        'cannot record folded batches: the store was unreachable for too long, so another worker may fold them by now',
      );
    return { rows: all, dropped: own, feeds };
  });
}
