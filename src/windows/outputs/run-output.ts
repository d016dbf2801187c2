import { setTimeout } from 'node:timers/promises';
import type { Engine } from '../../engine/engine.ts';
import { ClaimedElsewhereError } from '../../ledger/claim-input.ts';
import { type Claimed, type ClaimedWork, workWhileClaimed } from '../../ledger/work-while-claimed.ts';
import { isTrustedWorker, type Worker } from '../../ledger/worker.ts';
import { newestSequence, readEmissions } from '../read-emissions.ts';
import { createFileOutput } from './file-output.ts';
import { createWebhookOutput } from './webhook-output.ts';
import type { OutputOptions, OutputPosition, WindowOutput } from './window-output.ts';

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
const mostAtOnce = 100;
const pauses = { firstMs: 500, longestMs: 60_000 };

/** Sends the emitted windows of a query to one place, in their order, until it is stopped. */
export class RunningOutput {
  readonly #context: OutputContext;
  readonly #query: string;
  readonly #output: WindowOutput;
  readonly #ending = new AbortController();
  readonly #ended: Promise<void>;
  #status: OutputStatus;

  constructor(context: OutputContext, query: string, options: OutputOptions) {
    this.#context = context;
    this.#query = query;
    this.#output = options.type === 'file' ? createFileOutput(options) : createWebhookOutput(options);
    this.#status = { type: options.type, name: this.#output.name, state: 'starting', waiting: 0, sent: 0, failures: 0 };
    this.#ended = this.#run();
  }

  get status(): OutputStatus {
    return this.#status;
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
    const { problem: _, ...status } = this.#status;
    this.#status = { ...status, state: 'stopped' };
  }

  #fail({ message }: Error, isStandby: boolean): void {
    if (!isStandby && this.#status.problem !== message) this.#context.onEvent(this.#query, message);
    const failures = this.#status.failures + (isStandby ? 0 : 1);
    this.#status = { ...this.#status, state: isStandby ? 'standby' : 'retrying', problem: message, failures };
  }

  async #send({ worker, signal, onProgress }: Claimed): Promise<void> {
    const { engine } = this.#context;
    let position = await this.#readPosition(worker);
    await this.#output.open(position);
    while (!signal.aborted) {
      const windows = await readEmissions(engine, this.#query, { after: position.sequence, most: mostAtOnce });
      if (windows.length > 0) {
        const next = await this.#output.send(windows, position, signal);
        await this.#writePosition(next, worker);
        onProgress();
        const sent = windows.filter(({ sequence }) => sequence <= next.sequence).length;
        this.#status = { ...this.#status, sent: this.#status.sent + sent };
        position = next;
      }
      const waiting = (await newestSequence(engine, this.#query)) - position.sequence;
      const { problem: _, ...status } = this.#status;
      this.#status = { ...status, state: 'running', waiting: Math.max(0, waiting) };
      if (waiting <= 0 || windows.length === 0) await setTimeout(lookMs, undefined, { signal }).catch(() => {});
    }
  }

  /** A new output begins with what is emitted from now on. */
  async #readPosition(worker: string): Promise<OutputPosition> {
    const { engine } = this.#context;
    const [found] = await engine.rows<OutputPosition>({
      sql: `
        SELECT o.sequence AS sequence, o.bytes AS bytes
        FROM window_outputs AS o
        WHERE query = {query:String} AND output = {output:String}
        ORDER BY o.sequence DESC, o.at DESC
        LIMIT 1`,
      params: { query: this.#query, output: this.#output.name },
    });
    if (found) return found;
    const position = { sequence: await newestSequence(engine, this.#query), bytes: Number.MAX_SAFE_INTEGER };
    await this.#writePosition(position, worker);
    return position;
  }

  #writePosition({ sequence, bytes }: OutputPosition, worker: string): Promise<void> {
    return this.#context.engine.run({
      sql: `
        INSERT INTO window_outputs (query, output, sequence, bytes, at)
        SELECT {query:String}, {output:String}, {sequence:UInt64}, {bytes:UInt64}, now64(3)
        WHERE ${isTrustedWorker}`,
      params: { query: this.#query, output: this.#output.name, sequence, bytes, worker },
    });
  }
}
