import type { Statement } from '../engine/engine.ts';
import { quoteIdentifier } from '../schema/quote-identifier.ts';
import { type Asker, readAnswer } from './answer-rows.ts';
import type { CompiledQuery } from './compile-query.ts';
import { type NamedWindow, parametersOf, rowsWithin } from './named-windows.ts';
import { cellOf, keyOfRow, paneOfRow, startsOfPane } from './panes.ts';
import { sessionsOfPanes } from './session-runs.ts';
import { epochMs, moment, rowsOfWindow } from './source-rows.ts';
import { type GridShape, gridOf, type SessionShape } from './window-query.ts';
import { WindowRefusal } from './window-refusal.ts';

/** Windows that one question answers. */
const portions = { states: 1000, rows: 20 };

export interface BacktestRange {
  /** Windows that begin in it, epoch ms. */
  readonly fromMs: number;
  readonly untilMs: number;
  /** Windows that may be answered. */
  readonly most: number;
}

/**
 * What a query would have emitted over the stored rows, had all of them come in time: as JSON lines, a row each, with
 * window_start and window_end, by window and in the order of the query. Windows without rows are left out.
 * @throws WindowRefusal when the range has too many windows
 */
export async function* backtestQuery(
  asker: Asker,
  compiled: CompiledQuery,
  range: BacktestRange,
): AsyncGenerator<Uint8Array> {
  for (const question of questionsOf(compiled, await readWindows(asker, compiled, range)))
    yield* asker.ask(question, { format: 'JSONEachRow' });
}

/** Questions for rows of all of these windows, in their order; the rows of each answer are ordered by window_start. */
export function* questionsOf(
  compiled: CompiledQuery,
  windows: readonly NamedWindow[],
): Generator<Pick<Statement, 'sql' | 'params'>> {
  const most = compiled.states ? portions.states : portions.rows;
  for (let from = 0; from < windows.length; from += most) yield questionOf(compiled, windows.slice(from, from + most));
}

/** By their start. @throws WindowRefusal when there are too many */
export async function readWindows(
  asker: Asker,
  compiled: CompiledQuery,
  range: BacktestRange,
): Promise<readonly NamedWindow[]> {
  const { query } = compiled;
  const { window } = query;
  const found =
    window.type === 'session'
      ? await readSessions(asker, compiled, window, range)
      : await readGrid(asker, compiled, window, range);
  if (found.length > range.most)
    throw new WindowRefusal(
      `cannot test "${query.name}": there are more than ${range.most} windows in this range; choose a shorter one`,
    );
  return found;
}

async function readGrid(
  asker: Asker,
  compiled: CompiledQuery,
  window: GridShape,
  { fromMs, untilMs, most }: BacktestRange,
): Promise<NamedWindow[]> {
  const { sizeMs } = gridOf(window);
  const found = await readAnswer<{ start: string }>(asker, {
    sql: `
      SELECT DISTINCT arrayJoin(${startsOfPane('pane', window, compiled.query.latenessMs)}) AS start
      FROM (
        SELECT DISTINCT ${paneOfRow(window)} AS pane, toInt64(${Number.MIN_SAFE_INTEGER}) AS watermark
        FROM ${tableOf(compiled)}
        WHERE ${isBetween(fromMs, untilMs + sizeMs)}
      )
      WHERE start >= ${fromMs} AND start < ${untilMs}
      ORDER BY start
      LIMIT ${most + 1}`,
  });
  return found.map(({ start }) => {
    const startMs = Number(start);
    return { startMs, endMs: startMs + sizeMs, lastMs: startMs + sizeMs - 1, key: [] };
  });
}

async function readSessions(
  asker: Asker,
  compiled: CompiledQuery,
  window: SessionShape,
  { fromMs, untilMs, most }: BacktestRange,
): Promise<NamedWindow[]> {
  const { longestMs } = window;
  const panes = `
    SELECT ${keyOfRow(window)} AS key, ${paneOfRow(window)} AS pane, min(${epochMs}) AS first, max(${epochMs}) AS last, count() AS rows
    FROM ${tableOf(compiled)}
    WHERE ${isBetween(cellOf(fromMs, longestMs), cellOf(untilMs, longestMs) + longestMs)}
    GROUP BY key, pane`;
  const found = await readAnswer<Record<'startMs' | 'endMs' | 'lastMs', string> & { key: string[] }>(asker, {
    sql: `
      SELECT key, startMs, endMs, lastMs
      FROM (${sessionsOfPanes(window, panes)})
      WHERE startMs >= ${fromMs} AND startMs < ${untilMs}
      ORDER BY startMs, key
      LIMIT ${most + 1}`,
  });
  return found.map(({ key, startMs, endMs, lastMs }) => ({
    ...{ key, startMs: Number(startMs), endMs: Number(endMs), lastMs: Number(lastMs) },
  }));
}

function tableOf({ source }: CompiledQuery): string {
  return `${quoteIdentifier(source.database)}.${quoteIdentifier(source.table)}`;
}

function isBetween(fromMs: number, untilMs: number): string {
  return `time >= ${moment(`toInt64(${fromMs})`)} AND time < ${moment(`toInt64(${untilMs})`)}`;
}

function questionOf(compiled: CompiledQuery, windows: readonly NamedWindow[]): Pick<Statement, 'sql' | 'params'> {
  const names = compiled.columns.map(({ name }) => quoteIdentifier(name)).join(', ');
  if (compiled.states) {
    const [first, last] = [windows[0]?.startMs ?? 0, Math.max(...windows.map(({ endMs }) => endMs))];
    const bounds = `${moment('tailrace_start')} AS window_start, ${moment('tailrace_end')} AS window_end`;
    return {
      sql: `SELECT ${bounds}, ${names} FROM (${placed(compiled.states.answerRows(isBetween(first, last)))}) ORDER BY tailrace_place`,
      params: parametersOf(compiled.query, windows),
    };
  }
  const selects = windows.map((window, index) => {
    const [start, end] = [`toInt64(${window.startMs})`, `toInt64(${window.endMs})`];
    const rows = rowsOfWindow(compiled.source, compiled.sql, start, end, rowsWithin(compiled, window));
    return `SELECT ${index} AS tailrace_window, ${moment(start)} AS window_start, ${moment(end)} AS window_end, ${names}, tailrace_place FROM (${placed(rows)})`;
  });
  return {
    sql: `SELECT window_start, window_end, ${names} FROM (${selects.join(' UNION ALL ')}) ORDER BY tailrace_window, tailrace_place`,
  };
}

/** SQL: the rows with their place in the order of their own SELECT, which a SELECT around it need not keep. */
function placed(rows: string): string {
  return `SELECT *, rowNumberInAllBlocks() AS tailrace_place FROM (${rows})`;
}
