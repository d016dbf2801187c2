import type { Engine } from '../engine/engine.ts';
import type { CompiledQuery } from './compile-query.ts';
import type { SessionQuery } from './due-sessions.ts';
import type { DueWindow, GridSearch } from './due-windows.ts';
import type { Emission } from './emit-windows.ts';
import type { Fold, Folded } from './fold-batches.ts';
import { lastEndUntil, lowestMs } from './panes.ts';
import { advancePosition, openPosition } from './query-position.ts';
import type { UnfoldedBatch, UnfoldedLimits } from './read-unfolded.ts';
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

export type DueSearch = GridSearch | SessionQuery;

/** How far one continuous query is: what it is to fold and to emit; see {@link lookTogether} in look-together.ts. */
export class RunningQuery {
  readonly compiled: CompiledQuery;
  readonly counts: QueryCounts = { ...noCounts };
  readonly #engine: Engine;
  readonly #clocks: Clocks;
  readonly #watermark: Watermark;
  #position: string;
  #latestMs = lowestMs;
  /** Up to which watermark all that was due is emitted. */
  #emittedMs = Number.NEGATIVE_INFINITY;
  /** Earliest event that was folded since then, epoch ms. */
  #changedFromMs = Number.POSITIVE_INFINITY;

  private constructor(
    engine: Engine,
    compiled: CompiledQuery,
    clocks: Clocks,
    start: { position: string; watermark: Watermark },
  ) {
    this.#engine = engine;
    this.compiled = compiled;
    this.#clocks = clocks;
    this.#position = start.position;
    this.#watermark = start.watermark;
  }

  /** Continues where an earlier process ended; a new version begins its stated time back. */
  static async open(engine: Engine, compiled: CompiledQuery, clocks: Clocks): Promise<RunningQuery> {
    const position = await openPosition(engine, compiled, clocks.now());
    const watermark = await readWatermark(engine, compiled, clocks.steady());
    return new RunningQuery(engine, compiled, clocks, { position, watermark });
  }

  /** Epoch ms; -Infinity before the first event. */
  get watermarkMs(): number {
    return this.#watermark.valueMs;
  }

  /** Feeds that are not idle. */
  get activeFeeds(): number {
    return this.#watermark.active(this.#clocks.steady());
  }

  /** Moves past what is done with. @returns what it still needs */
  async settle(): Promise<NeededFolds> {
    this.#position = await advancePosition(this.#engine, this.compiled, this.#position);
    const { version, query } = this.compiled;
    const afterMs = Number.isFinite(this.#emittedMs) ? this.#emittedMs - query.latenessMs : lowestMs;
    return { version, position: this.#position, afterMs };
  }

  /** A clock that steps back does not make the present a future. */
  #mostMs(): number {
    this.#latestMs = Math.max(this.#latestMs, this.#clocks.now());
    return this.#latestMs + aheadMs;
  }

  /** Which closed batches it has not seen. */
  get unfolded(): UnfoldedLimits {
    return { compiled: this.compiled, position: this.#position, mostRows: mostRowsAtOnce };
  }

  /** What is to be folded of them; {@link folded} follows. */
  fold(batches: readonly UnfoldedBatch[]): Fold {
    for (const { firstMs } of batches) this.#changedFromMs = Math.min(this.#changedFromMs, firstMs);
    return { compiled: this.compiled, batches, watermarkMs: this.watermarkMs, latestMs: this.#mostMs() };
  }

  folded({ batches }: Fold, { rows, dropped, feeds }: Folded): void {
    const steady = this.#clocks.steady();
    for (const { feed, maxMs } of feeds) if (maxMs !== undefined) this.#watermark.see(feed, maxMs, steady);
    this.counts.batches += batches.length;
    this.counts.rows += rows;
    this.counts.dropped += dropped;
  }

  /** Moves its watermark. @returns whether windows may be due: one has ended, or one that had ended may have got rows */
  advance(): boolean {
    const watermarkMs = this.#watermark.advance(this.#clocks.steady(), this.#mostMs());
    if (!Number.isFinite(watermarkMs)) return false;
    const { window } = this.compiled.query;
    // A session may end at any moment.
    if (window.type === 'session') return true;
    return lastEndUntil(watermarkMs, window) > this.#afterMs;
  }

  /** Windows that end until then are emitted, and have no further rows; epoch ms. */
  get #afterMs(): number {
    return Math.min(this.#emittedMs, this.#changedFromMs);
  }

  /** What is due is searched for by its watermark and this. */
  get search(): DueSearch {
    const { compiled, watermarkMs } = this;
    const { window } = compiled.query;
    if (window.type !== 'session')
      return { kind: 'grid', compiled, window, watermarkMs, afterMs: this.#afterMs, most: mostWindowsAtOnce };
    return { kind: 'session', compiled, window, watermarkMs, emittedMs: this.#emittedMs, most: mostSessionsAtOnce };
  }

  /** What is to be emitted of due windows; {@link emitted} follows. */
  emission(due: readonly DueWindow[]): Emission {
    return { compiled: this.compiled, due, watermarkMs: this.watermarkMs, closedMs: this.#clocks.now() };
  }

  /** @param due all that were found @param rows of the results @returns whether there may be others */
  emitted(due: readonly DueWindow[], rows: number): boolean {
    this.counts.emissions += due.length;
    this.counts.corrections += due.filter(({ correction }) => correction > 0).length;
    this.counts.resultRows += rows;
    if (due.length >= this.search.most) return true;
    this.#emittedMs = this.watermarkMs;
    this.#changedFromMs = Number.POSITIVE_INFINITY;
    return false;
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
