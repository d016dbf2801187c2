import type { WindowBacktestAnswer } from '../../../src/server/backtest-answer.ts';
import { postRequest, readJson } from '../data/http-source.ts';
import { parseUtc } from '../view/time-range.ts';
import type { LiveWindow } from './live-window.ts';
import { definitionOf, type WindowDraft } from './window-draft.ts';
import type { WindowGrid } from './window-series.ts';
import type { ResultRow } from './windows-source.ts';

export interface BacktestRange {
  /** Epoch ms, whole seconds; the end is exclusive. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a draft would have emitted over the stored rows. @throws Error that says what is wrong with it */
export function runBacktest(
  draft: WindowDraft,
  { fromMs, toMs }: BacktestRange,
  signal: AbortSignal,
): Promise<WindowBacktestAnswer> {
  const body = { name: draft.name, definition: definitionOf(draft), from: apiTime(fromMs), to: apiTime(toMs) };
  return readJson('api/windows/backtest', postRequest(body, signal));
}

/** The windows of the answer, the latest first. Sessions that begin and end together are one here. */
export function windowsOfBacktest({ rows, explain: { version } }: WindowBacktestAnswer): readonly LiveWindow[] {
  const found = new Map<string, LiveWindow & { rows: ResultRow[] }>();
  for (const { window_start, window_end, ...row } of rows) {
    const id = `${window_start} ${window_end}`;
    const window = found.get(id) ?? {
      ...{ id, version, sequence: found.size, key: [], correction: 0, replaced: undefined, rows: [] },
      ...{ startMs: parseUtc(String(window_start)), endMs: parseUtc(String(window_end)) },
    };
    window.rows.push(row);
    found.set(id, window);
  }
  return [...found.values()].sort((one, other) => other.startMs - one.startMs);
}

/** What the windows of a draft have in common, whose lengths are only text here. @param windows the latest first */
export function gridOfWindows(windows: readonly LiveWindow[], { type }: WindowDraft): WindowGrid {
  const [{ startMs, endMs } = { startMs: 0, endMs: secondMs }] = windows;
  if (type === 'session') return { everyMs: secondMs, isOverlapping: false };
  const sizeMs = endMs - startMs;
  if (type !== 'hopping') return { everyMs: sizeMs, isOverlapping: false };
  const everyMs = windows.reduce((divisor, window) => greatestDivisor(divisor, startMs - window.startMs), 0) || sizeMs;
  return { everyMs, isOverlapping: everyMs < sizeMs };
}

const secondMs = 1000;

function greatestDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestDivisor(other, one % other);
}

function apiTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}
