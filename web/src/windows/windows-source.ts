import type { FlinkAnswer, WindowAnswer, WindowExplanationAnswer } from '../../../src/server/window-answer.ts';
import { readJson } from '../data/http-source.ts';

/** How often the pages of windows ask for their state. */
export const refreshSeconds = 5;

/** Windows that a page begins with, if they are there; the server sends fewer that have many rows. */
const newestWindows = 600;

export function readWindows(signal: AbortSignal): Promise<{ readonly windows: readonly WindowAnswer[] }> {
  return readJson('api/windows', { signal });
}

export function readExplanation(name: string, signal: AbortSignal): Promise<WindowExplanationAnswer> {
  return readJson(`${addressOf(name)}/explain`, { signal });
}

export function readFlink(name: string, signal: AbortSignal): Promise<FlinkAnswer> {
  return readJson(`${addressOf(name)}/flink`, { signal });
}

export function streamAddress(name: string): string {
  return `${addressOf(name)}/stream?newest=${newestWindows}`;
}

function addressOf(name: string): string {
  return `api/windows/${encodeURIComponent(name)}`;
}

export type ResultRow = Readonly<Record<string, unknown>>;

/** A window as it was emitted once. */
export interface Emission {
  readonly sequence: number;
  /** Of the definition that it answers. */
  readonly version: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Of a session: its values; otherwise empty. */
  readonly key: readonly string[];
  readonly correction: number;
  readonly rows: readonly ResultRow[];
}

/** Data of an event of the stream. */
interface WindowEvent {
  readonly sequence: number;
  readonly version: string;
  readonly window_start: string;
  readonly window_end: string;
  readonly key?: readonly string[];
  readonly correction: number;
  readonly rows: readonly ResultRow[];
}

export function readEvent(data: string): Emission {
  const { sequence, version, window_start, window_end, key = [], correction, rows } = JSON.parse(data) as WindowEvent;
  return { sequence, version, startMs: Date.parse(window_start), endMs: Date.parse(window_end), key, correction, rows };
}
