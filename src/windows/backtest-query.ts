import type { Statement } from '../engine/engine.ts';
import { quoteIdentifier } from '../schema/quote-identifier.ts';
import { type Asker, readAnswer } from './answer-rows.ts';
import type { CompiledQuery } from './compile-query.ts';
import { startsParameter } from './compile-states.ts';
import { startsOfPane } from './pane-starts.ts';
import { epochMs, moment, rowsOfWindow } from './source-rows.ts';
import { gridOf } from './window-query.ts';

/** Windows that one question answers. */
const portions = { states: 1000, rows: 20 };

/**
 * What a query would have emitted over the stored rows, had all of them come in time: as JSON lines, a row each, with
 * window_start and window_end, by window. Windows without rows are left out.
 * @param range of event time, epoch ms: windows that begin in it
 */
export async function* backtestQuery(
  asker: Asker,
  compiled: CompiledQuery,
  range: { readonly fromMs: number; readonly untilMs: number },
): AsyncGenerator<Uint8Array> {
  const starts = await readStarts(asker, compiled, range);
  const most = compiled.states ? portions.states : portions.rows;
  for (let from = 0; from < starts.length; from += most) {
    const question = questionOf(compiled, starts.slice(from, from + most));
    yield* asker.ask(question, { format: 'JSONEachRow' });
  }
}

async function readStarts(
  asker: Asker,
  { query, source }: CompiledQuery,
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
): Promise<number[]> {
  const { window } = query;
  const { paneMs, sizeMs } = gridOf(window);
  const table = `${quoteIdentifier(source.database)}.${quoteIdentifier(source.table)}`;
  const found = await readAnswer<{ start: string }>(asker, {
    sql: `
      SELECT DISTINCT arrayJoin(${startsOfPane('pane', query)}) AS start
      FROM (
        SELECT DISTINCT ${epochMs} - positiveModulo(${epochMs}, ${paneMs}) AS pane, toInt64(${Number.MIN_SAFE_INTEGER}) AS watermark
        FROM ${table}
        WHERE ${isBetween(fromMs, untilMs + sizeMs)}
      )
      WHERE start >= ${fromMs} AND start < ${untilMs}
      ORDER BY start`,
  });
  return found.map(({ start }) => Number(start));
}

function isBetween(fromMs: number, untilMs: number): string {
  return `time >= ${moment(`toInt64(${fromMs})`)} AND time < ${moment(`toInt64(${untilMs})`)}`;
}

function questionOf(compiled: CompiledQuery, starts: readonly number[]): Pick<Statement, 'sql' | 'params'> {
  const { sizeMs } = gridOf(compiled.query.window);
  const names = compiled.columns.map(({ name }) => quoteIdentifier(name)).join(', ');
  const [first = 0, last = 0] = [starts[0], starts.at(-1)];
  if (compiled.states) {
    const { states } = compiled;
    const bounds = `${moment('tailrace_start')} AS window_start, ${moment(`tailrace_start + ${sizeMs}`)} AS window_end`;
    return {
      sql: `SELECT ${bounds}, ${names} FROM (${states.answerRows(isBetween(first, last + sizeMs))}) ORDER BY tailrace_start`,
      params: { [startsParameter]: starts },
    };
  }
  const selects = starts.map((startMs) => {
    const [start, end] = [`toInt64(${startMs})`, `toInt64(${startMs + sizeMs})`];
    const rows = rowsOfWindow(compiled.source, compiled.sql, start, end, isBetween(startMs, startMs + sizeMs));
    return `SELECT ${moment(start)} AS window_start, ${moment(end)} AS window_end, ${names} FROM (${rows})`;
  });
  return { sql: `SELECT * FROM (${selects.join(' UNION ALL ')}) ORDER BY window_start` };
}
