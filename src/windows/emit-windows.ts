import { formatLiteral } from '../engine/bound-parameter.ts';
import type { Statement } from '../engine/engine.ts';
import { newBatchId } from '../ledger/batch-id.ts';
import { isTrustedWorker } from '../ledger/worker.ts';
import { quoteIdentifier } from '../schema/quote-identifier.ts';
import { storeAnswer } from './answer-rows.ts';
import type { CompiledQuery } from './compile-query.ts';
import { asText } from './compile-states.ts';
import type { DueWindow } from './due-windows.ts';
import type { FoldContext } from './fold-batches.ts';
import { parametersOf, rowsWithin } from './named-windows.ts';
import { cellOf, lowestMs, noKey } from './panes.ts';
import { epochMs, rowsOfWindow } from './source-rows.ts';
import { longestWindowMs } from './window-query.ts';

export interface EmissionMoment {
  /** Epoch ms. */
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

/** Results of closed windows are kept at least as long as the windows may be corrected. */
function keptMs({ query }: CompiledQuery): number {
  return Math.max(query.keepMs, query.latenessMs + longestWindowMs(query.window)) + 3_600_000;
}

/**
 * Emits windows: stores their rows, then records all of them at once. Rows of an emission that is not recorded are never
 * read. @returns result rows
 */
export async function emitWindows(
  context: FoldContext,
  compiled: CompiledQuery,
  due: readonly DueWindow[],
  moment: EmissionMoment,
): Promise<number> {
  const { engine, spoolDirectory } = context;
  const { query, version } = compiled;
  const emission = newBatchId();
  const kept = { query: query.name, version, emission, kept: Math.ceil(keptMs(compiled) / 1000) };
  for (const question of questionsOf(compiled, due)) {
    const insert = (source: string) => ({
      sql: `
        INSERT INTO window_results (query, version, window_start, emission, number, row, expires_at, key)
        SELECT
          {query:String}, {version:UInt64}, fromUnixTimestamp64Milli(start, 'UTC'), {emission:UInt64}, line_number, row,
          now('UTC') + toIntervalSecond({kept:UInt32}), key
        FROM ${source}`,
      params: kept,
    });
    await storeAnswer(engine, question, { columns, insert }, spoolDirectory);
  }
  return recordEmission(context, { compiled, due, moment, kept });
}

function questionsOf(compiled: CompiledQuery, due: readonly DueWindow[]): Pick<Statement, 'sql' | 'params'>[] {
  const row = `[${compiled.columns.map(({ name }) => asText(quoteIdentifier(name))).join(', ')}]`;
  const asRow = (start: string, key: string, from: string) =>
    `SELECT ${start} AS start, ${key} AS key, CAST(${row}, 'Array(Nullable(String))') AS row FROM (${from})`;
  const full = due.filter(({ sourceRows }) => sourceRows > 0);
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

interface Recording {
  readonly compiled: CompiledQuery;
  readonly due: readonly DueWindow[];
  readonly moment: EmissionMoment;
  readonly kept: { readonly query: string; readonly version: string; readonly emission: string; readonly kept: number };
}

async function recordEmission({ engine, worker }: FoldContext, { due, moment, kept }: Recording): Promise<number> {
  await engine.run({
    sql: `
      INSERT INTO window_emissions
        (query, version, window_start, window_end, correction, sequence, rows, source_rows, emission, watermark, closed_at, emitted_at, expires_at, key)
      SELECT
        {query:String}, {version:UInt64}, fromUnixTimestamp64Milli(w.1, 'UTC') AS started, fromUnixTimestamp64Milli(w.2, 'UTC'), w.3,
        greatest(
          (SELECT max(sequence) FROM window_emissions WHERE query = {query:String}),
          -- What an output has may have expired here: the next window is new to it all the same.
          (SELECT max(sequence) FROM window_outputs WHERE query = {query:String})
        ) + w.5, r.rows, w.4, {emission:UInt64},
        fromUnixTimestamp64Milli({watermark:Int64}, 'UTC'), fromUnixTimestamp64Milli({closed:Int64}, 'UTC'), now64(3),
        now('UTC') + toIntervalSecond({kept:UInt32}), w.6
      FROM (
        SELECT arrayJoin(JSONExtract({windows:String}, 'Array(Tuple(Int64, Int64, UInt32, UInt64, UInt64, Array(String)))')) AS w
      ) AS due
      LEFT JOIN (
        SELECT toUnixTimestamp64Milli(window_start) AS start, key AS own_key, count() AS rows
        FROM window_results
        WHERE query = {query:String} AND version = {version:UInt64} AND emission = {emission:UInt64}
        GROUP BY start, own_key
      ) AS r ON r.start = w.1 AND r.own_key = w.6
      WHERE ${isTrustedWorker}`,
    params: {
      ...kept,
      worker,
      watermark: moment.watermarkMs,
      closed: moment.closedMs,
      windows: JSON.stringify(
        due.map(({ startMs, endMs, correction, sourceRows, key }, at) => [
          startMs,
          endMs,
          correction,
          sourceRows,
          at + 1,
          key,
        ]),
      ),
    },
    settings: { max_threads: 1 },
  });
  const [found] = await engine.rows<{ rows: number; recorded: number }>({
    sql: `
      SELECT sum(rows) AS rows, count() AS recorded
      FROM window_emissions
      WHERE query = {query:String} AND version = {version:UInt64} AND emission = {emission:UInt64}`,
    params: kept,
    settings: { max_threads: 1 },
  });
  if (!found?.recorded)
    throw new Error(
      'cannot record emitted windows: the store was unreachable for too long, so another worker may emit them by now',
    );
  return found.rows;
}
