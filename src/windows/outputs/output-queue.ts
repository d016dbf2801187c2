import { judgeAttempt } from '../../deliveries/judge-attempt.ts';
import type { Engine } from '../../engine/engine.ts';
import { pauseAfter, type SendOutcome } from '../../webhooks/send-webhook.ts';
import { type EmittedWindow, newestSequence, readEmissions } from '../read-emissions.ts';
import { OutputBook, type TriedWindow } from './output-book.ts';
import type { OutputPosition, WindowOutput } from './window-output.ts';

export interface QueueContext {
  readonly engine: Engine;
  readonly query: string;
  /** As in `DeliveryBook`. */
  readonly worker: string;
  readonly onEvent: (text: string) => void;
}

/** Since the start of the process; added to. */
export interface SendCounts {
  sent: number;
  /** Attempts that failed. */
  failures: number;
}

/** Windows that are read together. */
const mostAtOnce = 100;
/** How often windows are looked for that are to be sent once more. */
const replayEveryMs = 5_000;

/**
 * The emitted windows of a query on their way to one output, in their order. What the output refuses, or does not take until
 * it is old, is given up and holds up nothing; once it is asked for again it is sent beside the others.
 */
export class OutputQueue {
  readonly #context: QueueContext;
  readonly #output: WindowOutput;
  readonly #book: OutputBook;
  readonly #counts: SendCounts;
  #position: OutputPosition;
  /** By number: those that are tried, or given up. */
  #tried = new Map<number, TriedWindow>();
  /** Taken ones after the position. */
  readonly #taken = new Set<number>();
  #futile = 0;
  #notBeforeMs = 0;
  #replayAtMs = 0;
  readonly #replayNotBefore = new Map<number, number>();
  #problem: string | undefined;
  #waiting = 0;

  private constructor(
    context: QueueContext,
    output: WindowOutput,
    counts: SendCounts,
    start: { book: OutputBook; position: OutputPosition },
  ) {
    this.#context = context;
    this.#output = output;
    this.#counts = counts;
    this.#book = start.book;
    this.#position = start.position;
  }

  /** @throws what the store and the output throw */
  static async open(context: QueueContext, output: WindowOutput, counts: SendCounts): Promise<OutputQueue> {
    const { engine, query, worker } = context;
    const book = new OutputBook({ engine, worker, table: 'window_deliveries' }, query, output.name);
    const position = await book.openPosition();
    await output.open(position);
    const queue = new OutputQueue(context, output, counts, { book, position });
    await queue.#readTried();
    return queue;
  }

  /** Why the oldest window is not taken now. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Emitted windows that the output does not have yet, without those that are given up. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Sends what is to be sent now. @returns whether there may be more */
  async sendDue(signal: AbortSignal): Promise<boolean> {
    if (performance.now() >= this.#replayAtMs) {
      await this.#readTried();
      this.#replayAtMs = performance.now() + replayEveryMs;
    }
    let hasMore = false;
    if (performance.now() >= this.#notBeforeMs) {
      await this.#sendAgain(signal);
      hasMore = await this.#sendNew(signal);
    }
    const newest = await newestSequence(this.#context.engine, this.#context.query);
    this.#waiting = Math.max(0, newest - this.#position.sequence - this.#taken.size);
    return hasMore;
  }

  async #readTried(): Promise<void> {
    const tried = await this.#book.readTried(this.#position.sequence);
    this.#tried = new Map(tried.map((one) => [one.sequence, one]));
  }

  async #sendNew(signal: AbortSignal): Promise<boolean> {
    const { engine, query } = this.#context;
    const windows = await readEmissions(engine, query, { after: this.#position.sequence, most: mostAtOnce });
    const pending = windows.filter(({ sequence }) => !this.#isSettled(sequence));
    const { outcomes, bytes = this.#position.bytes } =
      pending.length > 0 ? await this.#output.send(pending, signal) : { outcomes: [] };
    for (const [index, outcome] of outcomes.entries()) await this.#settle(pending[index] as EmittedWindow, outcome);
    const later = outcomes.find((outcome) => outcome.kind === 'later');
    if (later) await this.#waitOrGiveUp(later);
    else if (outcomes.length > 0) this.#recover();
    const open = windows.findIndex(({ sequence }) => !this.#isSettled(sequence));
    const last = open === -1 ? windows.at(-1) : windows[open - 1];
    if (last) await this.#advance({ sequence: last.sequence, bytes });
    return last !== undefined && !later;
  }

  #isSettled(sequence: number): boolean {
    const state = this.#tried.get(sequence)?.state;
    return this.#taken.has(sequence) || state === 'dead' || state === 'delivered';
  }

  async #advance(position: OutputPosition): Promise<void> {
    await this.#book.writePosition(position);
    this.#position = position;
    for (const sequence of this.#taken) if (sequence <= position.sequence) this.#taken.delete(sequence);
  }

  /** Records what became of a window. That it was taken at once is told by the position alone. */
  async #settle({ sequence, emittedAtMs }: EmittedWindow, outcome: SendOutcome): Promise<number> {
    const attempts = this.#tried.get(sequence)?.attempts ?? 0;
    const attempt = attempts + 1;
    const tried = { attempt, writtenAtMs: emittedAtMs, giveUpAfterMs: this.#output.giveUpAfterMs };
    const { state, problem, pauseMs } = judgeAttempt(tried, outcome);
    if (state !== 'delivered' || attempts > 0) await this.#book.record({ attempt, state, problem }, sequence);
    if (state === 'delivered') {
      this.#counts.sent++;
      this.#taken.add(sequence);
      this.#tried.delete(sequence);
      return 0;
    }
    this.#counts.failures++;
    const atMs = Date.now();
    this.#tried.delete(sequence);
    this.#tried = new Map([[sequence, { sequence, attempts: attempt, state, problem, atMs }], ...this.#tried]);
    if (state === 'dead') this.#tellDead(`window ${sequence} is given up: ${problem}`);
    return pauseMs;
  }

  #tellDead(what: string): void {
    const { onEvent, query } = this.#context;
    onEvent(`${what}; send it again with "tailrace windows replay ${query}"`);
  }

  #recover(): void {
    this.#futile = 0;
    this.#problem = undefined;
  }

  /** The pause grows with each failure of the output, whichever window it is of. */
  async #waitOrGiveUp(later: Extract<SendOutcome, { kind: 'later' }>): Promise<void> {
    this.#futile++;
    if (this.#problem !== later.reason) this.#context.onEvent(later.reason);
    this.#problem = later.reason;
    this.#notBeforeMs = performance.now() + pauseAfter(this.#futile, later);
    const { giveUpAfterMs } = this.#output;
    const given = { after: this.#position.sequence, besides: this.#settledAfter(), problem: later.reason };
    const count = await this.#book.giveUpOlder(giveUpAfterMs, given);
    if (count === 0) return;
    await this.#readTried();
    this.#tellDead(`${count} more windows are given up: ${later.reason}`);
  }

  #settledAfter(): number[] {
    const tried = [...this.#tried.keys()].filter((sequence) => this.#isSettled(sequence));
    return [...this.#taken, ...tried].filter((sequence) => sequence > this.#position.sequence);
  }

  /** Windows that were given up and are asked for again. */
  async #sendAgain(signal: AbortSignal): Promise<void> {
    const { engine, query } = this.#context;
    const asked = [...this.#tried.values()].filter(
      ({ sequence, state }) => state === 'failed' && sequence <= this.#position.sequence,
    );
    for (const { sequence, attempts } of asked.toReversed()) {
      if ((this.#replayNotBefore.get(sequence) ?? 0) > performance.now()) continue;
      const [window] = await readEmissions(engine, query, { after: sequence - 1, most: 1 });
      if (window?.sequence !== sequence) {
        const problem = 'its rows have expired; nothing of it is left to send';
        await this.#book.record({ attempt: attempts + 1, state: 'dead', problem }, sequence);
        continue;
      }
      const { outcomes } = await this.#output.send([window], signal);
      const [outcome] = outcomes;
      if (outcome) this.#replayNotBefore.set(sequence, performance.now() + (await this.#settle(window, outcome)));
      this.#taken.delete(sequence);
      if (outcome?.kind === 'later') return;
      this.#replayNotBefore.delete(sequence);
    }
    if (asked.length > 0) await this.#readTried();
  }
}
