import type { Engine } from '../engine/engine.ts';
import { ClaimedElsewhereError } from '../ledger/claim-input.ts';
import type { Worker } from '../ledger/worker.ts';
import { backoffMs } from '../waiting/backoff.ts';
import { type CompiledQuery, compileQuery } from './compile-query.ts';
import { type OutputStatus, RunningOutput } from './outputs/run-output.ts';
import { makeResultsView } from './results-view.ts';
import { type Clocks, noCounts, type QueryCounts, RunningQuery } from './run-query.ts';
import type { StateSize } from './state-sizes.ts';
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

/** One query, whose failures do not concern the others. */
export class WindowEntry {
  readonly query: WindowQuery;
  readonly #onEvent: (text: string) => void;
  readonly #outputs: readonly RunningOutput[];
  #state: WindowStatus['state'] = 'starting';
  #problem: string | undefined;
  #failures = 0;
  #allFailures = 0;
  #retryAtMs = 0;
  /** Why the configuration of now is not the one that it has. */
  refusal: string | undefined;
  running: RunningQuery | undefined;
  /** Whether its last look left nothing to do. */
  keepsUp = false;
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
    const problem = this.#problem ?? this.refusal;
    const watermarkMs = running?.watermarkMs ?? Number.NEGATIVE_INFINITY;
    return {
      query: this.query,
      state: this.#state,
      ...(problem === undefined ? {} : { problem }),
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
    this.keepsUp = false;
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

  /** @returns whether it can look now */
  async open(engine: Engine, clocks: Clocks): Promise<boolean> {
    if (performance.now() < this.#retryAtMs) return false;
    try {
      this.running ??= await this.#start(engine, clocks);
    } catch (cause) {
      this.failed(cause as Error);
    }
    return this.running !== undefined;
  }

  async #start(engine: Engine, clocks: Clocks): Promise<RunningQuery> {
    const compiled = await compileQuery(engine, this.query);
    await makeResultsView(engine, compiled);
    return RunningQuery.open(engine, compiled, clocks);
  }

  looked(hasMore: boolean): void {
    this.#state = 'running';
    this.#problem = undefined;
    this.#failures = 0;
    this.keepsUp = !hasMore;
  }

  failed(cause: Error): void {
    this.fail(cause);
    this.keepsUp = false;
    this.#failures++;
    this.#allFailures++;
    this.#retryAtMs = performance.now() + backoffMs(this.#failures, { firstMs: 1000, longestMs: 60_000 });
  }
}
