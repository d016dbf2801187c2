import { formatLiteral } from '../engine/bound-parameter.ts';
import type { Statement } from '../engine/engine.ts';
import { newBatchId } from '../ledger/batch-id.ts';
import { isTrustedWorker } from '../ledger/worker.ts';
import { quoteIdentifier } from '../schema/quote-identifier.ts';
import { storeAnswers } from './answer-rows.ts';
import type { CompiledQuery } from './compile-query.ts';
import { asText } from './compile-states.ts';
import type { DueWindow } from './due-windows.ts';
import type { FoldContext } from './fold-batches.ts';
import { parametersOf, rowsWithin } from './named-windows.ts';
import { cellOf, lowestMs, noKey } from './panes.ts';
import { epochMs, rowsOfWindow } from './source-rows.ts';
import { longestWindowMs } from './window-query.ts';

/** What a query is to emit. */
export interface Emission {
  readonly compiled: CompiledQuery;
  readonly due: readonly DueWindow[];
  /** Of the query, epoch ms. */
  readonly watermarkMs: number;
  /** When the windows were found to be due, epoch ms. */
  readonly closedMs: number;
}

const columns = [
  ['start', 'Int64'],
  ['key', 'Array(String)'],
  ['row', 'Array(Nullable(String))'],
] as const;

/** Windows over whose rows one question asks. */
const windowsPerQuestion = 20;
/** Up to so many are emitted as they end; more are a backlog, or a large ingest, which goes first. */
const fewWindows = 10;

/** Results of closed windows are kept at least as long as the windows may be corrected. */
function keptSeconds({ query }: CompiledQuery): number {
  return Math.ceil((Math.max(query.keepMs, query.latenessMs + longestWindowMs(query.window)) + 3_600_000) / 1000);
}

/**
 * Emits windows of queries: stores the rows of all, then records all of them at once. Rows of an emission that is not
 * recorded are never read. @returns result rows of each
 */
export async function emitWindows(context: FoldContext, emissions: readonly Emission[]): Promise<number[]> {
  const { engine, spoolDirectory } = context;
  if (emissions.every(({ due }) => due.length === 0)) return emissions.map(() => 0);
  const id = newBatchId();
  const questions = emissions.flatMap(({ compiled, due }) =>
    questionsOf(compiled, due).map((question) => ({ ...question, compiled, isUrgent: due.length <= fewWindows })),
  );
  const insert = (source: string) => ({
    sql: `
      INSERT INTO window_results (query, version, window_start, emission, number, row, expires_at, key)
      SELECT
        {queries:Array(String)}[object], {versions:Array(UInt64)}[object], fromUnixTimestamp64Milli(start, 'UTC'), {emission:UInt64}, line_number, row,
        now('UTC') + toIntervalSecond({kept:Array(UInt32)}[object]), key
      FROM ${source}`,
    params: {
      emission: id,
      queries: questions.map(({ compiled }) => compiled.query.name),
      versions: questions.map(({ compiled }) => BigInt(compiled.version)),
      kept: questions.map(({ compiled }) => keptSeconds(compiled)),
    },
  });
  await storeAnswers(engine, questions, { columns, insert }, spoolDirectory);
  return recordEmissions(context, emissions, id);
}

function questionsOf(compiled: CompiledQuery, due: readonly DueWindow[]): Pick<Statement, 'sql' | 'params'>[] {
  const row = `[${compiled.columns.map(({ name }) => asText(quoteIdentifier(name))).join(', ')}]`;
  const asRow = (start: string, key: string, from: string) =>
    `SELECT ${start} AS start, ${key} AS key, CAST(${row}, 'Array(Nullable(String))') AS row FROM (${from})`;
  const full = due.filter(({ sourceRows }) => sourceRows > 0);
  if (full.length === 0) return [];
  if (compiled.states) {
    const params = parametersOf(compiled.query, full);
    return [{ sql: asRow('tailrace_start', 'tailrace_key', compiled.states.answer), params }];
  }
  const questions: Pick<Statement, 'sql' | 'params'>[] = [];
  for (let from = 0; from < full.length; from += windowsPerQuestion) {
    const selects = full.slice(from, from + windowsPerQuestion).map((window) => {
      const [start, end] = [`toInt64(${window.startMs})`, `toInt64(${window.endMs})`];
      const key = window.key.length === 0 ? noKey : formatLiteral(window.key);
      const where = `${rowsWithin(compiled, window)} AND ${isCounted(compiled, window)}`;
      return asRow(start, key, rowsOfWindow(compiled.source, compiled.sql, start, end, where));
    });
    questions.push({ sql: selects.map((select) => `SELECT * FROM (${select})`).join(' UNION ALL ') });
  }
  return questions;
}

/** SQL over rows of a window: those of folded batches that came in time. */
function isCounted({ version, query, source }: CompiledQuery, { startMs, endMs }: DueWindow): string {
  const { window, latenessMs } = query;
  const folds = `${quoteIdentifier(source.database)}.window_folds`;
  const isFolded = (beforeMs: number) =>
    `batch IN (SELECT batch FROM ${folds} WHERE version = toUInt64('${version}') AND watermark < ${beforeMs})`;
  if (window.type !== 'session') return isFolded(endMs + latenessMs);
  // A row of a session is late as if it were one of its own; most folds came before that could be.
  const heldMs = window.gapMs + latenessMs;
  const late = (column: string) =>
    `(SELECT arrayPushFront(groupArray(${column}), 0) FROM (
        SELECT DISTINCT batch, watermark FROM ${folds} WHERE version = toUInt64('${version}') AND watermark >= ${startMs + heldMs} ORDER BY batch
      ))`;
  return `${isFolded(cellOf(startMs, window.longestMs) + window.longestMs + latenessMs)}
    AND ${epochMs} + ${heldMs} > transform(batch, ${late('batch')}, ${late('watermark')}, toInt64(${lowestMs}))`;
}

async function recordEmissions(
  { engine, worker }: FoldContext,
  emissions: readonly Emission[],
  id: string,
): Promise<number[]> {
  const params = {
    emission: id,
    queries: emissions.map(({ compiled }) => compiled.query.name),
    versions: emissions.map(({ compiled }) => BigInt(compiled.version)),
  };
  const windows = emissions.flatMap(({ due }, index) =>
    due.map(({ startMs, endMs, correction, sourceRows, key }, at) => [
      ...[index + 1, at + 1, startMs, endMs, correction, sourceRows, key],
    ]),
  );
  await engine.run({
    sql: `
      INSERT INTO window_emissions
        (query, version, window_start, window_end, correction, sequence, rows, source_rows, emission, watermark, closed_at, emitted_at, expires_at, key)
      WITH (
        SELECT sumMap(map(query, last))
        FROM (
          SELECT query, max(sequence) AS last
          FROM (
            SELECT query, sequence FROM window_emissions WHERE query IN {queries:Array(String)}
            UNION ALL
            -- What an output has may have expired there: the next window is new to it all the same.
            SELECT query, sequence FROM window_outputs WHERE query IN {queries:Array(String)}
          )
          GROUP BY query
        )
      ) AS before
      SELECT
        due.query, due.version, fromUnixTimestamp64Milli(w.3, 'UTC'), fromUnixTimestamp64Milli(w.4, 'UTC'), w.5,
        before[due.query] + w.2, r.rows, w.6, {emission:UInt64},
        fromUnixTimestamp64Milli({watermarks:Array(Int64)}[w.1], 'UTC'), fromUnixTimestamp64Milli({closed:Array(Int64)}[w.1], 'UTC'), now64(3),
        now('UTC') + toIntervalSecond({kept:Array(UInt32)}[w.1]), w.7
      FROM (
        SELECT
          arrayJoin(JSONExtract({windows:String}, 'Array(Tuple(UInt32, UInt64, Int64, Int64, UInt32, UInt64, Array(String)))')) AS w,
          {queries:Array(String)}[w.1] AS query, {versions:Array(UInt64)}[w.1] AS version, w.3 AS start, w.7 AS own_key
      ) AS due
      LEFT JOIN (
        SELECT version, toUnixTimestamp64Milli(window_start) AS start, key AS own_key, count() AS rows
        FROM window_results
        WHERE query IN {queries:Array(String)} AND version IN {versions:Array(UInt64)} AND emission = {emission:UInt64}
        GROUP BY version, start, own_key
      ) AS r ON r.version = due.version AND r.start = due.start AND r.own_key = due.own_key
      WHERE ${isTrustedWorker}`,
    params: {
      ...params,
      worker,
      watermarks: emissions.map(({ watermarkMs }) => watermarkMs),
      closed: emissions.map((emission) => emission.closedMs),
      kept: emissions.map(({ compiled }) => keptSeconds(compiled)),
      windows: JSON.stringify(windows),
    },
    settings: { max_threads: 1 },
  });
  const found = await engine.rows<{ version: string; rows: number }>({
    sql: `
      SELECT toString(e.version) AS version, sum(e.rows) AS rows
      FROM window_emissions AS e
      WHERE query IN {queries:Array(String)} AND version IN {versions:Array(UInt64)} AND emission = {emission:UInt64}
      GROUP BY version`,
    params,
    settings: { max_threads: 1 },
  });
  const rows = new Map(found.map((one) => [one.version, one.rows]));
  return emissions.map(({ compiled, due }) => {
    const own = due.length === 0 ? 0 : rows.get(compiled.version);
    if (own === undefined)
      throw new Error(
        'cannot record emitted windows: the store was unreachable for too long, so another worker may emit them by now',
      );
    return own;
  });
}
