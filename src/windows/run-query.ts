import type { Engine } from '../engine/engine.ts';
import type { CompiledQuery } from './compile-query.ts';
import { readDueSessions } from './due-sessions.ts';
import { type DueWindow, readDueWindows } from './due-windows.ts';
import { emitWindows } from './emit-windows.ts';
import { type FoldContext, foldBatches } from './fold-batches.ts';
import { lastEndUntil, lowestMs } from './panes.ts';
import { advancePosition, openPosition } from './query-position.ts';
import { readUnfolded } from './read-unfolded.ts';
import type { NeededFolds } from './remove-folded.ts';
import { Watermark } from './watermark.ts';

export interface Clocks {
  /** Epoch ms; may step. */
  readonly now: () => number;
  /** Milliseconds that only grow. */
  readonly steady: () => number;
}

/** Numbers since the start of this process. */
export interface QueryCounts {
  batches: number;
  rows: number;
  dropped: number;
  emissions: number;
  corrections: number;
  resultRows: number;
}

export const noCounts: Readonly<QueryCounts> = {
  batches: 0,
  rows: 0,
  dropped: 0,
  emissions: 0,
  corrections: 0,
  resultRows: 0,
};

/** How far an event may be ahead of the clock and still move the watermark. */
const aheadMs = 60_000;
const mostRowsAtOnce = 500_000;
const mostWindowsAtOnce = 10_000;
/** Their keys go with each statement. */
const mostSessionsAtOnce = 2_000;

/** One continuous query: folds batches, moves its watermark, emits windows. One look at a time. */
export class RunningQuery {
  readonly compiled: CompiledQuery;
  readonly counts: QueryCounts = { ...noCounts };
  readonly #context: FoldContext;
  readonly #clocks: Clocks;
  readonly #watermark: Watermark;
  #position: string;
  #latestMs = lowestMs;
  /** Up to which watermark all that was due is emitted. */
  #emittedMs = Number.NEGATIVE_INFINITY;
  /** Earliest event that was folded since then, epoch ms. */
  #changedFromMs = Number.POSITIVE_INFINITY;

  private constructor(
    context: FoldContext,
    compiled: CompiledQuery,
    clocks: Clocks,
    start: { position: string; watermark: Watermark },
  ) {
    this.#context = context;
    this.compiled = compiled;
    this.#clocks = clocks;
    this.#position = start.position;
    this.#watermark = start.watermark;
  }

  /** Continues where an earlier process ended; a new version begins its stated time back. */
  static async open(context: FoldContext, compiled: CompiledQuery, clocks: Clocks): Promise<RunningQuery> {
    const { engine } = context;
    const position = await openPosition(engine, compiled, clocks.now());
    const watermark = await readWatermark(engine, compiled, clocks.steady());
    return new RunningQuery(context, compiled, clocks, { position, watermark });
  }

  /** Epoch ms; -Infinity before the first event. */
  get watermarkMs(): number {
    return this.#watermark.valueMs;
  }

  /** @returns whether there may be more to do at once. @throws EngineError; the next look continues */
  async look(): Promise<boolean> {
    const hasMore = await this.#fold();
    const steady = this.#clocks.steady();
    this.#watermark.advance(steady, this.#mostMs());
    return (await this.#emit()) || hasMore;
  }

  /** Feeds that are not idle. */
  get activeFeeds(): number {
    return this.#watermark.active(this.#clocks.steady());
  }

  /** Moves past what is done with. @returns what it still needs */
  async settle(): Promise<NeededFolds> {
    this.#position = await advancePosition(this.#context.engine, this.compiled, this.#position);
    const { version, query } = this.compiled;
    const afterMs = Number.isFinite(this.#emittedMs) ? this.#emittedMs - query.latenessMs : lowestMs;
    return { version, position: this.#position, afterMs };
  }

  /** A clock that steps back does not make the present a future. */
  #mostMs(): number {
    this.#latestMs = Math.max(this.#latestMs, this.#clocks.now());
    return this.#latestMs + aheadMs;
  }

  async #fold(): Promise<boolean> {
    const { engine } = this.#context;
    const limits = { position: this.#position, mostRows: mostRowsAtOnce };
    const { batches, hasMore } = await readUnfolded(engine, this.compiled, limits);
    if (batches.length === 0) return false;
    const moment = { watermarkMs: this.#watermark.valueMs, latestMs: this.#mostMs() };
    for (const { firstMs } of batches) this.#changedFromMs = Math.min(this.#changedFromMs, firstMs);
    const { rows, dropped, feeds } = await foldBatches(this.#context, this.compiled, batches, moment);
    const steady = this.#clocks.steady();
    for (const { feed, maxMs } of feeds) if (maxMs !== undefined) this.#watermark.see(feed, maxMs, steady);
    this.counts.batches += batches.length;
    this.counts.rows += rows;
    this.counts.dropped += dropped;
    return hasMore;
  }

  async #emit(): Promise<boolean> {
    const watermarkMs = this.#watermark.valueMs;
    if (!Number.isFinite(watermarkMs) || !this.#mayBeDue(watermarkMs)) return false;
    const due = await this.#readDue(watermarkMs);
    const isAll = due.length < (this.compiled.query.window.type === 'session' ? mostSessionsAtOnce : mostWindowsAtOnce);
    if (due.length > 0) await this.#emitDue(due, watermarkMs);
    if (isAll) {
      this.#emittedMs = watermarkMs;
      this.#changedFromMs = Number.POSITIVE_INFINITY;
    }
    return !isAll;
  }

  /** Whether a window has ended, or one that had ended may have got rows, since all was emitted. */
  #mayBeDue(watermarkMs: number): boolean {
    const { window } = this.compiled.query;
    // A session may end at any moment.
    if (window.type === 'session') return true;
    return lastEndUntil(watermarkMs, window) > Math.min(this.#emittedMs, this.#changedFromMs);
  }

  #readDue(watermarkMs: number): Promise<DueWindow[]> {
    const { engine } = this.#context;
    const { window } = this.compiled.query;
    if (window.type !== 'session')
      return readDueWindows(engine, this.compiled, window, { watermarkMs, most: mostWindowsAtOnce });
    const moment = { watermarkMs, emittedMs: this.#emittedMs, most: mostSessionsAtOnce };
    return readDueSessions(engine, this.compiled, window, moment);
  }

  async #emitDue(due: readonly DueWindow[], watermarkMs: number): Promise<void> {
    const rows = await emitWindows(this.#context, this.compiled, due, { watermarkMs, closedMs: this.#clocks.now() });
    this.counts.emissions += due.length;
    this.counts.corrections += due.filter(({ correction }) => correction > 0).length;
    this.counts.resultRows += rows;
  }
}

/** From what was folded and emitted: a feed that was active then counts as active now, until it is silent for the stated time. */
async function readWatermark(engine: Engine, { query, version }: CompiledQuery, steadyMs: number): Promise<Watermark> {
  const feeds = await engine.rows<{ feed: string; maxMs: number; watermarkMs: number }>({
    sql: `
      SELECT f.feed AS feed, max(f.max_time) AS maxMs, max(f.watermark) AS watermarkMs
      FROM window_folds AS f
      WHERE version = {version:UInt64} AND max_time > {lowest:Int64}
      GROUP BY feed`,
    params: { version, lowest: lowestMs },
  });
  const [emitted] = await engine.rows<{ watermarkMs: number }>({
    sql: `
      SELECT toUnixTimestamp64Milli(max(watermark)) AS watermarkMs
      FROM window_emissions
      WHERE query = {query:String} AND version = {version:UInt64}
      HAVING count() > 0`,
    params: { query: query.name, version },
  });
  const known = [...feeds, ...(emitted ? [emitted] : [])]
    .map(({ watermarkMs }) => watermarkMs)
    .filter((ms) => ms > lowestMs);
  const watermark = new Watermark(query, known.length > 0 ? Math.max(...known) : undefined);
  for (const { feed, maxMs } of feeds) watermark.see(feed, maxMs, steadyMs);
  return watermark;
}
