import type { WindowShape } from '../window-query.ts';
import type { LoadedRow } from './loaded-batches.ts';

export interface ReferenceOptions {
  /** Sessions are those of each viewer. */
  readonly window: WindowShape;
  readonly latenessMs: number;
  readonly disorderMs: number;
  readonly idleMs: number;
}

interface SeenRow extends LoadedRow {
  /** Before its batch was folded. */
  readonly watermarkMs: number;
}

interface FoundWindow {
  readonly startMs: number;
  readonly endMs: number;
  /** Viewer of a session; otherwise empty. */
  readonly key: string;
  readonly rows: readonly SeenRow[];
}

const aheadMs = 60_000;
const tooFarMs = 86_400_000;

/** What windows must be emitted: all events are kept, and each look counts all of them again. */
export class ReferenceWindows {
  readonly #options: ReferenceOptions;
  readonly #rows: SeenRow[] = [];
  readonly #waiting: { feed: string; rows: readonly LoadedRow[] }[] = [];
  /** By start and key. */
  readonly #emitted = new Map<string, { startMs: number; key: string; rows: number; correction: number }>();
  readonly #feeds = new Map<string, { maxMs: number; seenMs: number }>();
  #watermarkMs = Number.NEGATIVE_INFINITY;
  /** What survives a kill. */
  #recordedMs = Number.NEGATIVE_INFINITY;
  #latestMs = Number.NEGATIVE_INFINITY;
  /** Until it begins again it fails there. */
  #fails: 'folds' | 'emissions' | undefined;
  dropped = 0;

  constructor(options: ReferenceOptions) {
    this.#options = options;
  }

  load(feed: string, rows: readonly LoadedRow[]): void {
    this.#waiting.push({ feed, rows });
  }

  restart(steadyMs: number, fails?: 'folds' | 'emissions'): void {
    this.#fails = fails;
    this.#watermarkMs = this.#recordedMs;
    this.#latestMs = Number.NEGATIVE_INFINITY;
    for (const feed of this.#feeds.values()) feed.seenMs = steadyMs;
  }

  /** @returns what is emitted: `START +CORRECTION VIEWER COUNT BYTES`, a line for each viewer; `START [KEY] +CORRECTION …` of sessions */
  look(nowMs: number, steadyMs: number): string[] {
    this.#latestMs = Math.max(this.#latestMs, nowMs);
    if (this.#waiting.length > 0 && this.#fails === 'folds') return [];
    if (this.#waiting.length > 0) this.#recordedMs = Math.max(this.#recordedMs, this.#watermarkMs);
    const watermarkMs = this.#watermarkMs;
    for (const { feed, rows } of this.#waiting.splice(0)) {
      const times = rows.map(({ timeMs }) => timeMs).filter((timeMs) => timeMs <= this.#latestMs + aheadMs);
      const known = this.#feeds.get(feed)?.maxMs ?? Number.NEGATIVE_INFINITY;
      if (times.length > 0) this.#feeds.set(feed, { maxMs: Math.max(known, ...times), seenMs: steadyMs });
      for (const row of rows) {
        const isTooFar = row.timeMs >= this.#latestMs + aheadMs + tooFarMs;
        const isInTime = this.#endsOf(row.timeMs).some((end) => watermarkMs < end + this.#options.latenessMs);
        if (isTooFar || !isInTime) this.dropped++;
        else this.#rows.push({ ...row, watermarkMs });
      }
    }
    const next = this.#next(steadyMs);
    if (next !== undefined) this.#watermarkMs = Math.max(this.#watermarkMs, Math.min(next, this.#latestMs + aheadMs));
    return this.#emit();
  }

  #next(steadyMs: number): number | undefined {
    const { disorderMs, idleMs } = this.#options;
    const feeds = [...this.#feeds.values()];
    if (feeds.length === 0) return undefined;
    const busy = feeds.filter(({ seenMs }) => steadyMs < seenMs + idleMs);
    if (busy.length > 0) return Math.min(...busy.map(({ maxMs }) => maxMs)) - disorderMs;
    const silentMs = Math.min(...feeds.map(({ seenMs }) => steadyMs - seenMs));
    return Math.max(...feeds.map(({ maxMs }) => maxMs)) - disorderMs + silentMs;
  }

  /** Ends of the windows that a row is in; of a session, those of a session of its own. */
  #endsOf(timeMs: number): number[] {
    const { window } = this.#options;
    if (window.type === 'session') return [Math.min(timeMs + window.gapMs, cutAfter(timeMs, window.longestMs))];
    const { sizeMs } = window;
    const everyMs = window.type === 'hopping' ? window.everyMs : sizeMs;
    const ends: number[] = [];
    for (let start = Math.floor(timeMs / everyMs) * everyMs; start + sizeMs > timeMs; start -= everyMs)
      ends.push(start + sizeMs);
    return ends;
  }

  #windows(): FoundWindow[] {
    const { window, latenessMs } = this.#options;
    if (window.type === 'session') return sessionsOf(this.#rows, window.gapMs, window.longestMs);
    const windows = new Map<number, SeenRow[]>();
    for (const row of this.#rows)
      for (const end of this.#endsOf(row.timeMs)) {
        if (row.watermarkMs >= end + latenessMs) continue;
        const known = windows.get(end);
        if (known) known.push(row);
        else windows.set(end, [row]);
      }
    return [...windows].map(([endMs, rows]) => ({ startMs: endMs - window.sizeMs, endMs, key: '', rows }));
  }

  #emit(): string[] {
    const due = this.#windows()
      .filter(({ startMs, endMs, key, rows }) => {
        const known = this.#emitted.get(`${startMs} ${key}`);
        return endMs <= this.#watermarkMs && rows.length > (known?.rows ?? 0);
      })
      .toSorted((one, other) => one.startMs - other.startMs || (one.key < other.key ? -1 : 1));
    if (due.length === 0 || this.#fails === 'emissions') return [];
    this.#recordedMs = Math.max(this.#recordedMs, this.#watermarkMs);
    return due.flatMap((window) => [...this.#tell(window), ...this.#takeUp(window)]);
  }

  #tell({ startMs, key, rows }: Pick<FoundWindow, 'startMs' | 'key' | 'rows'>): string[] {
    const id = `${startMs} ${key}`;
    const correction = (this.#emitted.get(id)?.correction ?? -1) + 1;
    this.#emitted.set(id, { startMs, key, rows: rows.length, correction });
    const of = key === '' ? '' : ` [${key}]`;
    const start = `${new Date(startMs).toISOString().slice(11, 19)}${of} +${correction}`;
    const viewers = [...new Set(rows.map(({ viewer }) => viewer))].toSorted();
    if (viewers.length === 0) return [`${start} -`];
    return viewers.map((viewer) => {
      const own = rows.filter((row) => row.viewer === viewer);
      const bytes = own.reduce((sum, row) => sum + row.bytes, 0);
      return `${start} ${viewer} ${own.length} ${bytes}`;
    });
  }

  /** Emitted sessions whose rows are now in this one. */
  #takeUp({ startMs, endMs, key }: FoundWindow): string[] {
    return [...this.#emitted.values()]
      .filter((one) => key !== '' && one.key === key && one.rows > 0 && one.startMs > startMs && one.startMs < endMs)
      .toSorted((one, other) => one.startMs - other.startMs)
      .flatMap((one) => this.#tell({ startMs: one.startMs, key, rows: [] }));
  }
}

function cutAfter(timeMs: number, longestMs: number): number {
  return Math.floor(timeMs / longestMs) * longestMs + longestMs;
}

function sessionsOf(rows: readonly SeenRow[], gapMs: number, longestMs: number): FoundWindow[] {
  const sessions: (FoundWindow & { rows: SeenRow[] })[] = [];
  for (const row of rows.toSorted((one, other) => one.timeMs - other.timeMs)) {
    const open = sessions.find(({ key, endMs }) => key === row.viewer && row.timeMs < endMs);
    const endMs = Math.min(row.timeMs + gapMs, cutAfter(row.timeMs, longestMs));
    if (open) Object.assign(open, { endMs }).rows.push(row);
    else sessions.push({ startMs: row.timeMs, endMs, key: row.viewer, rows: [row] });
  }
  return sessions;
}
