import type { RetainedTable } from '../store/retention.ts';
import type { OutputOptions } from './outputs/window-output.ts';

/** Which rows belong together, by their event time. */
export type WindowShape = GridShape | SessionShape;

export type GridShape =
  | { readonly type: 'tumbling'; readonly sizeMs: number }
  | { readonly type: 'hopping'; readonly sizeMs: number; readonly everyMs: number };

/**
 * Rows of one key, each less than the gap after the one before it. A session ends a gap after its last row, and at the latest
 * at the next whole multiple of `longestMs` since 1970, where another one begins.
 */
export interface SessionShape {
  readonly type: 'session';
  readonly gapMs: number;
  readonly longestMs: number;
  /** Columns of the table; without any, all rows have one key. */
  readonly key: readonly string[];
}

/** A query that is answered for each window of event time, once the window is over. */
export interface WindowQuery {
  /** A lower-case identifier: the results are in the view `windows_NAME`. */
  readonly name: string;
  /** Table whose rows it reads; its name in the SQL. */
  readonly from: Exclude<RetainedTable, 'rejects'>;
  readonly window: WindowShape;
  /** One SELECT over the rows of one window. */
  readonly sql: string;
  /** How far rows may be behind the latest one of their feed without being late. */
  readonly disorderMs: number;
  /** How late rows may be and still correct their windows. */
  readonly latenessMs: number;
  /** A feed without a closed batch for so long holds nothing up. */
  readonly idleMs: number;
  /** How long results are kept after they were emitted. */
  readonly keepMs: number;
  /** Batches begun so long before a new query, or a changed one, are read too. */
  readonly rebuildMs: number;
  /** Where emitted windows are sent. */
  readonly outputs: readonly OutputOptions[];
}

/** How long a window may be. */
export function longestWindowMs(window: WindowShape): number {
  return window.type === 'session' ? window.longestMs : window.sizeMs;
}

/** Panes of equal length, of which each window is made; windows begin at multiples of `everyMs`. */
export interface PaneGrid {
  readonly paneMs: number;
  readonly sizeMs: number;
  readonly everyMs: number;
}

export function gridOf(window: GridShape): PaneGrid {
  const { sizeMs } = window;
  const everyMs = window.type === 'hopping' ? window.everyMs : sizeMs;
  return { paneMs: greatestDivisor(sizeMs, everyMs), sizeMs, everyMs };
}

function greatestDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestDivisor(other, one % other);
}
