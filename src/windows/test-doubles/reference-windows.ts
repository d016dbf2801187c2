import type { LoadedRow } from './loaded-batches.ts';

export interface ReferenceOptions {
  readonly sizeMs: number;
  readonly everyMs: number;
  readonly latenessMs: number;
  readonly disorderMs: number;
  readonly idleMs: number;
}

interface SeenRow extends LoadedRow {
  /** Before its batch was folded. */
  readonly watermarkMs: number;
}

const aheadMs = 60_000;
const tooFarMs = 86_400_000;

/** What windows must be emitted: all events are kept, and each look counts all of them again. */
export class ReferenceWindows {
  readonly #options: ReferenceOptions;
  readonly #rows: SeenRow[] = [];
  readonly #waiting: { feed: string; rows: readonly LoadedRow[] }[] = [];
  readonly #emitted = new Map<number, { rows: number; correction: number }>();
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

  /** @returns what is emitted: `START +CORRECTION VIEWER COUNT BYTES`, a line for each viewer */
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
        const isInTime = this.#startsOf(row.timeMs).some(
          (start) => watermarkMs < start + this.#options.sizeMs + this.#options.latenessMs,
        );
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

  #startsOf(timeMs: number): number[] {
    const { sizeMs, everyMs } = this.#options;
    const starts: number[] = [];
    for (let start = Math.floor(timeMs / everyMs) * everyMs; start + sizeMs > timeMs; start -= everyMs)
      starts.push(start);
    return starts;
  }

  #emit(): string[] {
    const { sizeMs, latenessMs } = this.#options;
    const windows = new Map<number, SeenRow[]>();
    for (const row of this.#rows)
      for (const start of this.#startsOf(row.timeMs))
        if (row.watermarkMs < start + sizeMs + latenessMs) windows.set(start, [...(windows.get(start) ?? []), row]);
    const due = [...windows]
      .filter(
        ([start, rows]) => start + sizeMs <= this.#watermarkMs && rows.length > (this.#emitted.get(start)?.rows ?? 0),
      )
      .toSorted(([one], [other]) => one - other);
    if (due.length === 0 || this.#fails === 'emissions') return [];
    this.#recordedMs = Math.max(this.#recordedMs, this.#watermarkMs);
    return due.flatMap(([start, rows]) => {
      const correction = (this.#emitted.get(start)?.correction ?? -1) + 1;
      this.#emitted.set(start, { rows: rows.length, correction });
      const viewers = [...new Set(rows.map(({ viewer }) => viewer))].toSorted();
      return viewers.map((viewer) => {
        const own = rows.filter((row) => row.viewer === viewer);
        const bytes = own.reduce((sum, row) => sum + row.bytes, 0);
        return `${new Date(start).toISOString().slice(11, 19)} +${correction} ${viewer} ${own.length} ${bytes}`;
      });
    });
  }
}
