import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Bell } from '../destinations/bell.ts';
import type { Engine } from '../engine/engine.ts';
import { onClosedBatch } from '../ledger/batch-closed.ts';
import { ClaimedElsewhereError } from '../ledger/claim-input.ts';
import { type Claimed, type ClaimedWork, workWhileClaimed } from '../ledger/work-while-claimed.ts';
import type { Worker } from '../ledger/worker.ts';
import { backoffMs } from '../waiting/backoff.ts';
import { type CompiledQuery, compileQuery } from './compile-query.ts';
import type { FoldContext } from './fold-batches.ts';
import { type OutputStatus, RunningOutput } from './outputs/run-output.ts';
import { removeFolded } from './remove-folded.ts';
import { makeResultsView } from './results-view.ts';
import { type Clocks, noCounts, type QueryCounts, RunningQuery } from './run-query.ts';
import { readStateSizes, type StateSize } from './state-sizes.ts';
import type { WindowQuery } from './window-query.ts';

export interface WindowsContext {
  readonly engine: Engine;
  readonly worker?: Pick<Worker, 'id' | 'isTrusted'>;
  /** For answers on their way into the store; of the windows alone. */
  readonly spoolDirectory: string;
  /** Receives what the operator should know. */
  readonly onEvent: (query: string, text: string) => void;
}

export interface WindowStatus {
  readonly query: WindowQuery;
  /** `standby`: another worker answers it. */
  readonly state: 'starting' | 'running' | 'retrying' | 'standby' | 'stopped';
  readonly problem?: string;
  /** Absent before it has started. */
  readonly compiled?: CompiledQuery;
  /** Rows and, about, bytes on disk of its aggregate states; as of the last minute. */
  readonly stateSize?: StateSize;
  /** Epoch ms; absent before the first event. */
  readonly watermarkMs?: number;
  readonly activeFeeds: number;
  readonly outputs: readonly OutputStatus[];
  /** Since the start of this process. */
  readonly counts: QueryCounts & { readonly failures: number };
}

const lookEveryMs = 1000;
/** Between two looks as long as the last one took, so that others have the processor; within these bounds, for windows are to be emitted soon. */
const leastPauseMs = 200;
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
    const before = this.#entries.find((entry) => entry.query.name === query.name)?.query;
    if (before === undefined || isDeepStrictEqual(before, query)) return before ?? query;
    try {
      await compileQuery(engine, query);
      return query;
    } catch (cause) {
      onEvent(query.name, `${(cause as Error).message}; it goes on as it was`);
      return before;
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
        let hasMore = false;
        for (const entry of this.#entries) {
          if (signal.aborted) break;
          hasMore = (await entry.look({ ...this.#context, worker }, this.#clocks)) || hasMore;
        }
        if (startedMs - settledMs > settleEveryMs) {
          await this.#settle();
          settledMs = startedMs;
        }
        onProgress();
        const tookMs = performance.now() - startedMs;
        const pauseMs = Math.min(longestPauseMs, Math.max(leastPauseMs, tookMs));
        await setTimeout(pauseMs, undefined, { signal }).catch(() => {});
        if (!hasMore) await bell.rung(lookEveryMs, signal);
      }
    } finally {
      endListening();
    }
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

/** One query, whose failures do not concern the others. */
class WindowEntry {
  readonly query: WindowQuery;
  readonly #onEvent: (text: string) => void;
  readonly #outputs: readonly RunningOutput[];
  #state: WindowStatus['state'] = 'starting';
  #problem: string | undefined;
  #failures = 0;
  #allFailures = 0;
  #retryAtMs = 0;
  running: RunningQuery | undefined;
  stateSize: StateSize | undefined;

  constructor(context: WindowsContext, query: WindowQuery) {
    this.query = query;
    this.#onEvent = (text) => context.onEvent(query.name, text);
    this.#outputs = query.outputs.map((output) => new RunningOutput(context, query.name, output));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#outputs.map((output) => output.stop()));
  }

  status(): WindowStatus {
    const { running } = this;
    const watermarkMs = running?.watermarkMs ?? Number.NEGATIVE_INFINITY;
    return {
      query: this.query,
      state: this.#state,
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
      ...(running ? { compiled: running.compiled } : {}),
      ...(this.stateSize ? { stateSize: this.stateSize } : {}),
      ...(Number.isFinite(watermarkMs) ? { watermarkMs } : {}),
      activeFeeds: running?.activeFeeds ?? 0,
      outputs: this.#outputs.map(({ status }) => status),
      counts: { ...(running?.counts ?? noCounts), failures: this.#allFailures },
    };
  }

  /** Forgets what another worker may have continued. */
  begin(): void {
    this.running = undefined;
    this.#retryAtMs = 0;
  }

  fail(cause: Error): void {
    this.#state = cause instanceof ClaimedElsewhereError ? 'standby' : 'retrying';
    const problem =
      cause instanceof ClaimedElsewhereError ? `a worker on host "${cause.host}" answers it` : cause.message;
    if (this.#state === 'retrying' && this.#problem !== problem) this.#onEvent(problem);
    this.#problem = problem;
  }

  end(): void {
    this.#state = 'stopped';
    this.#problem = undefined;
  }

  /** @returns whether there may be more to do at once */
  async look(context: FoldContext, clocks: Clocks): Promise<boolean> {
    if (performance.now() < this.#retryAtMs) return false;
    try {
      this.running ??= await this.#open(context, clocks);
      const hasMore = await this.running.look();
      this.#state = 'running';
      this.#problem = undefined;
      this.#failures = 0;
      return hasMore;
    } catch (cause) {
      this.fail(cause as Error);
      this.#failures++;
      this.#allFailures++;
      this.#retryAtMs = performance.now() + backoffMs(this.#failures, { firstMs: 1000, longestMs: 60_000 });
      return false;
    }
  }

  async #open(context: FoldContext, clocks: Clocks): Promise<RunningQuery> {
    const compiled = await compileQuery(context.engine, this.query);
    await makeResultsView(context.engine, compiled);
    return RunningQuery.open(context, compiled, clocks);
  }
}
