import { setTimeout } from 'node:timers/promises';
import type { Engine } from '../../engine/engine.ts';
import { ClaimedElsewhereError } from '../../ledger/claim-input.ts';
import { type Claimed, type ClaimedWork, workWhileClaimed } from '../../ledger/work-while-claimed.ts';
import type { Worker } from '../../ledger/worker.ts';
import { createOutput } from './create-output.ts';
import { OutputQueue, type SendCounts } from './output-queue.ts';
import type { OutputOptions, WindowOutput } from './window-output.ts';

export interface OutputContext {
  readonly engine: Engine;
  readonly worker?: Pick<Worker, 'id' | 'isTrusted'>;
  readonly onEvent: (query: string, text: string) => void;
}

export interface OutputStatus {
  readonly type: OutputOptions['type'];
  /** Its path, or its address without credentials. */
  readonly name: string;
  readonly state: 'starting' | 'running' | 'retrying' | 'standby' | 'stopped';
  readonly problem?: string;
  /** Emitted windows that it does not have yet. */
  readonly waiting: number;
  /** Since the start of this process. */
  readonly sent: number;
  readonly failures: number;
}

const lookMs = 500;
const pauses = { firstMs: 500, longestMs: 60_000 };

/** Sends the emitted windows of a query to one place, in their order, until it is stopped. */
export class RunningOutput {
  readonly #context: OutputContext;
  readonly #query: string;
  readonly #output: WindowOutput;
  readonly #ending = new AbortController();
  readonly #ended: Promise<void>;
  readonly #counts: SendCounts = { sent: 0, failures: 0 };
  #status: Omit<OutputStatus, keyof SendCounts>;

  constructor(context: OutputContext, query: string, options: OutputOptions) {
    this.#context = context;
    this.#query = query;
    this.#output = createOutput(query, options);
    const { name } = this.#output;
    this.#status = { type: options.type, name, state: 'starting', waiting: 0 };
    this.#ended = this.#run();
  }

  get status(): OutputStatus {
    return { ...this.#status, ...this.#counts };
  }

  async stop(): Promise<void> {
    this.#ending.abort(new Error('tailrace is stopping'));
    await this.#ended;
  }

  async #run(): Promise<void> {
    const work: ClaimedWork = {
      ...this.#context,
      claim: `window output ${this.#query} ${this.#output.name}`,
      by: this.#query,
      pauses,
      work: (claimed) => this.#send(claimed),
      onFailure: (cause) => this.#fail(cause, cause instanceof ClaimedElsewhereError),
    };
    await workWhileClaimed(work, this.#ending.signal);
    this.#output.close?.();
    const { problem: _, ...status } = this.#status;
    this.#status = { ...status, state: 'stopped' };
  }

  #fail({ message }: Error, isStandby: boolean): void {
    if (!isStandby && this.#status.problem !== message) this.#context.onEvent(this.#query, message);
    this.#counts.failures += isStandby ? 0 : 1;
    this.#status = { ...this.#status, state: isStandby ? 'standby' : 'retrying', problem: message };
  }

  async #send({ worker, signal, onProgress }: Claimed): Promise<void> {
    const { engine, onEvent } = this.#context;
    const tell = (text: string) => onEvent(this.#query, `${this.#output.name}: ${text}`);
    const context = { engine, query: this.#query, worker, onEvent: tell };
    const queue = await OutputQueue.open(context, this.#output, this.#counts);
    while (!signal.aborted) {
      const hasMore = await queue.sendDue(signal);
      onProgress();
      const { problem, waiting } = queue;
      const { problem: _, ...status } = this.#status;
      this.#status = {
        ...status,
        ...(problem === undefined ? { state: 'running' } : { state: 'retrying', problem }),
        waiting,
      };
      if (!hasMore) await setTimeout(lookMs, undefined, { signal }).catch(() => {});
    }
  }
}
