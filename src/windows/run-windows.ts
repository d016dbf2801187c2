import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Bell } from '../destinations/bell.ts';
import { onClosedBatch } from '../ledger/batch-closed.ts';
import { type Claimed, type ClaimedWork, workWhileClaimed } from '../ledger/work-while-claimed.ts';
import { compileQuery } from './compile-query.ts';
import type { FoldContext } from './fold-batches.ts';
import { lookTogether } from './look-together.ts';
import { removeFolded } from './remove-folded.ts';
import type { Clocks } from './run-query.ts';
import { readStateSizes } from './state-sizes.ts';
import { WindowEntry, type WindowStatus, type WindowsContext } from './window-entry.ts';
import type { WindowQuery } from './window-query.ts';

const lookEveryMs = 1000;
/**
 * Between two looks that leave nothing to do, a quarter of the time of the last one, for windows are to be emitted soon; else as
 * long as it, so that others have the processor. Within these bounds.
 */
const leastPauseMs = 100;
const longestPauseMs = 1000;
const settleEveryMs = 60_000;

/** Answers all continuous queries until it is stopped. Of several workers one does. */
export class Windows {
  readonly #context: WindowsContext;
  readonly #ending = new AbortController();
  #entries: readonly WindowEntry[];
  /** Absent until there is a query. */
  #ended: Promise<void> | undefined;
  readonly #clocks: Clocks;

  constructor(
    context: WindowsContext,
    queries: readonly WindowQuery[],
    clocks: Clocks = { now: Date.now, steady: () => performance.now() },
  ) {
    this.#context = context;
    this.#clocks = clocks;
    this.#entries = queries.map((query) => new WindowEntry(context, query));
    if (queries.length > 0) this.#ended = this.#run();
  }

  status(): WindowStatus[] {
    return this.#entries.map((entry) => entry.status());
  }

  /**
   * Answers these queries from the next look on; one that is as before goes on. A query that has changed, and that the store does
   * not accept, is told, and goes on as it was.
   */
  async apply(queries: readonly WindowQuery[]): Promise<void> {
    const wanted = await Promise.all(queries.map((query) => this.#acceptable(query)));
    const isKept = (entry: WindowEntry) => wanted.includes(entry.query);
    const dropped = this.#entries.filter((entry) => !isKept(entry));
    this.#entries = this.#entries.filter(isKept);
    // An output that a changed query still has is free only now.
    await Promise.all(dropped.map((entry) => entry.stop()));
    if (this.#ending.signal.aborted) return;
    const kept = new Map(this.#entries.map((entry) => [entry.query, entry]));
    this.#entries = wanted.map((query) => kept.get(query) ?? new WindowEntry(this.#context, query));
    if (wanted.length > 0) this.#ended ??= this.#run();
  }

  /** The query as it will be: as it was, where the store does not accept what it is now. */
  async #acceptable(query: WindowQuery): Promise<WindowQuery> {
    const { engine, onEvent } = this.#context;
    const entry = this.#entries.find((one) => one.query.name === query.name);
    if (!entry) return query;
    entry.refusal = undefined;
    if (isDeepStrictEqual(entry.query, query)) return entry.query;
    try {
      await compileQuery(engine, query);
      return query;
    } catch (cause) {
      entry.refusal = `its new configuration is refused: ${(cause as Error).message}; it goes on as it was`;
      onEvent(query.name, entry.refusal);
      return entry.query;
    }
  }

  async stop(): Promise<void> {
    this.#ending.abort(new Error('tailrace is stopping'));
    await Promise.all([this.#ended, ...this.#entries.map((entry) => entry.stop())]);
  }

  async #run(): Promise<void> {
    const work: ClaimedWork = {
      ...this.#context,
      claim: 'windows',
      by: 'windows',
      pauses: { firstMs: 1000, longestMs: 60_000 },
      work: (claimed) => this.#answer(claimed),
      onFailure: (cause) => {
        for (const entry of this.#entries) entry.fail(cause);
      },
    };
    await workWhileClaimed(work, this.#ending.signal);
    for (const entry of this.#entries) entry.end();
  }

  async #answer({ worker, signal, onProgress }: Claimed): Promise<void> {
    const bell = new Bell();
    const endListening = onClosedBatch(this.#context.engine, () => bell.ring());
    try {
      for (const entry of this.#entries) entry.begin();
      for (let settledMs = 0; !signal.aborted; ) {
        const startedMs = performance.now();
        const hasMore = await this.#look({ ...this.#context, worker }, signal);
        if (startedMs - settledMs > settleEveryMs) {
          await this.#settle();
          settledMs = startedMs;
        }
        onProgress();
        const tookMs = performance.now() - startedMs;
        const pauseMs = Math.min(longestPauseMs, Math.max(leastPauseMs, hasMore ? tookMs : tookMs / 4));
        await setTimeout(pauseMs, undefined, { signal }).catch(() => {});
        if (!hasMore) await bell.rung(lookEveryMs, signal);
      }
    } finally {
      endListening();
    }
  }

  /** Those that keep up look together; one that is behind, or has failed, holds up no other. @returns whether there may be more to do at once */
  async #look(context: FoldContext, signal: AbortSignal): Promise<boolean> {
    const ready: WindowEntry[] = [];
    for (const entry of this.#entries) if (await entry.open(context.engine, this.#clocks)) ready.push(entry);
    const groups = [
      ready.filter(({ keepsUp }) => keepsUp),
      ...ready.filter(({ keepsUp }) => !keepsUp).map((one) => [one]),
    ];
    let hasMore = false;
    for (const group of groups)
      if (group.length > 0 && !signal.aborted) hasMore = (await look(context, group)) || hasMore;
    return hasMore;
  }

  async #settle(): Promise<void> {
    const running = this.#entries.map((entry) => entry.running);
    // Another query may need what one that does not run now would not name.
    if (running.some((query) => query === undefined)) return;
    const needed = [];
    for (const query of running) if (query) needed.push(await query.settle());
    await removeFolded(this.#context.engine, needed);
    const sizes = await readStateSizes(this.#context.engine);
    for (const entry of this.#entries) {
      const version = entry.running?.compiled.version ?? '';
      entry.stateSize = sizes.get(version) ?? { rows: 0, bytes: 0 };
    }
  }
}

/** @returns whether there may be more to do at once */
async function look(context: FoldContext, group: readonly WindowEntry[]): Promise<boolean> {
  const running = group.flatMap((entry) => entry.running ?? []);
  try {
    const hasMore = await lookTogether(context, running);
    for (const [index, entry] of group.entries()) entry.looked(hasMore[index] ?? false);
    return hasMore.includes(true);
  } catch (cause) {
    // Each by itself, whose failure it is shows.
    if (group.length === 1) for (const entry of group) entry.failed(cause as Error);
    else for (const entry of group) entry.keepsUp = false;
    return group.length > 1;
  }
}
