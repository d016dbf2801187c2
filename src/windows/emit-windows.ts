import type { Statement } from '../engine/engine.ts';
import { newBatchId } from '../ledger/batch-id.ts';
import { isTrustedWorker } from '../ledger/worker.ts';
import { quoteIdentifier } from '../schema/quote-identifier.ts';
import { storeAnswer } from './answer-rows.ts';
import type { CompiledQuery } from './compile-query.ts';
import { asText } from './compile-states.ts';
import type { DueWindow } from './due-windows.ts';
import type { FoldContext } from './fold-batches.ts';
import { epochMs, rowsOfWindow } from './source-rows.ts';

export interface EmissionMoment {
  /** Epoch ms. */
  readonly watermarkMs: number;
  /** When the windows were found to be due, epoch ms. */
  readonly closedMs: number;
}

const columns = [
  ['start', 'Int64'],
  ['row', 'Array(Nullable(String))'],
] as const;

/** Windows over whose rows one question asks. */
const windowsPerQuestion = 20;

/** Results of closed windows are kept at least as long as the windows may be corrected. */
function keptMs({ query }: CompiledQuery): number {
  return Math.max(query.keepMs, query.latenessMs + query.window.sizeMs) + 3_600_000;
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
        INSERT INTO window_results (query, version, window_start, emission, number, row, expires_at)
        SELECT
          {query:String}, {version:UInt64}, fromUnixTimestamp64Milli(start, 'UTC'), {emission:UInt64}, line_number, row,
          now('UTC') + toIntervalSecond({kept:UInt32})
        FROM ${source}`,
      params: kept,
    });
    await storeAnswer(engine, question, { columns, insert }, spoolDirectory);
  }
  return recordEmission(context, { compiled, due, moment, kept });
}

function questionsOf(compiled: CompiledQuery, due: readonly DueWindow[]): Pick<Statement, 'sql' | 'params'>[] {
  const row = `[${compiled.columns.map(({ name }) => asText(quoteIdentifier(name))).join(', ')}]`;
  const asRow = (start: string, from: string) =>
    `SELECT ${start} AS start, CAST(${row}, 'Array(Nullable(String))') AS row FROM (${from})`;
  if (compiled.states) {
    const params = { tailrace_starts: due.map(({ startMs }) => startMs) };
    return [{ sql: asRow('tailrace_start', compiled.states.answer), params }];
  }
  const questions: Pick<Statement, 'sql' | 'params'>[] = [];
  for (let from = 0; from < due.length; from += windowsPerQuestion) {
    const selects = due.slice(from, from + windowsPerQuestion).map(({ startMs, endMs }) => {
      const [start, end] = [`toInt64(${startMs})`, `toInt64(${endMs})`];
      return asRow(
        start,
        rowsOfWindow(compiled.source, compiled.sql, start, end, rowsBetween(compiled, startMs, endMs)),
      );
    });
    questions.push({ sql: selects.map((select) => `SELECT * FROM (${select})`).join(' UNION ALL ') });
  }
  return questions;
}

/** Rows of folded batches that came in time. */
function rowsBetween({ version, query, source }: CompiledQuery, startMs: number, endMs: number): string {
  const folds = `${quoteIdentifier(source.database)}.window_folds`;
  return `${epochMs} >= ${startMs} AND ${epochMs} < ${endMs}
    AND time >= fromUnixTimestamp64Milli(toInt64(${startMs}), 'UTC') AND time < fromUnixTimestamp64Milli(toInt64(${endMs}), 'UTC')
    AND batch IN (SELECT batch FROM ${folds} WHERE version = toUInt64('${version}') AND watermark < ${endMs + query.latenessMs})`;
}

interface Recording {
  readonly compiled: CompiledQuery;
  readonly due: readonly DueWindow[];
  readonly moment: EmissionMoment;
  readonly kept: { readonly query: string; readonly version: string; readonly emission: string; readonly kept: number };
}

async function recordEmission({ engine, worker }: FoldContext, { due, moment, kept }: Recording): Promise<number> {
  const of = <K extends keyof DueWindow>(key: K) => due.map((window) => window[key]);
  await engine.run({
    sql: `
      INSERT INTO window_emissions
        (query, version, window_start, window_end, correction, sequence, rows, source_rows, emission, watermark, closed_at, emitted_at, expires_at)
      SELECT
        {query:String}, {version:UInt64}, fromUnixTimestamp64Milli(w.1, 'UTC') AS started, fromUnixTimestamp64Milli(w.2, 'UTC'), w.3,
        (SELECT max(sequence) FROM window_emissions WHERE query = {query:String}) + w.5, r.rows, w.4, {emission:UInt64},
        fromUnixTimestamp64Milli({watermark:Int64}, 'UTC'), fromUnixTimestamp64Milli({closed:Int64}, 'UTC'), now64(3),
        now('UTC') + toIntervalSecond({kept:UInt32})
      FROM (
        SELECT arrayJoin(arrayZip({starts:Array(Int64)}, {ends:Array(Int64)}, {corrections:Array(UInt32)}, {sources:Array(UInt64)},
          arrayEnumerate({starts:Array(Int64)}))) AS w
      ) AS due
      LEFT JOIN (
        SELECT toUnixTimestamp64Milli(window_start) AS start, count() AS rows
        FROM window_results
        WHERE query = {query:String} AND version = {version:UInt64} AND emission = {emission:UInt64}
        GROUP BY start
      ) AS r ON r.start = w.1
      WHERE ${isTrustedWorker}`,
    params: {
      ...kept,
      worker,
      watermark: moment.watermarkMs,
      closed: moment.closedMs,
      starts: of('startMs'),
      ends: of('endMs'),
      corrections: of('correction'),
      sources: of('sourceRows'),
    },
  });
  const [found] = await engine.rows<{ rows: number; recorded: number }>({
    sql: `
      SELECT sum(rows) AS rows, count() AS recorded
      FROM window_emissions
      WHERE query = {query:String} AND version = {version:UInt64} AND emission = {emission:UInt64}`,
    params: kept,
  });
  if (!found?.recorded)
    throw new Error(
      'cannot record emitted windows: the store was unreachable for too long, so another worker may emit them by now',
    );
  return found.rows;
}
