import { Bell } from '../destinations/bell.ts';
import type { Engine } from '../engine/engine.ts';
import { ClaimedElsewhereError } from '../ledger/claim-input.ts';
import { type Claimed, type ClaimedWork, workWhileClaimed } from '../ledger/work-while-claimed.ts';
import type { Worker } from '../ledger/worker.ts';
import { withOwnAbort } from '../waiting/own-abort.ts';
import type { AlertBook } from './alert-book.ts';
import type { AlertPlan } from './alert-plan.ts';
import { type DeliveryCounts, deliverMessages, noDeliveries } from './deliver-messages.ts';
import { AlertRounds } from './evaluate-rounds.ts';

export interface AlertsContext {
  readonly engine: Engine;
  readonly worker?: Pick<Worker, 'id' | 'isTrusted'>;
  /** Receives what the operator should know. */
  readonly onEvent: (text: string) => void;
}

/** Of this process. */
export interface AlertsStatus {
  /** `standby`: another worker evaluates. */
  readonly state: 'starting' | 'running' | 'retrying' | 'standby' | 'stopped';
  readonly problem?: string;
  /** Since the start. */
  readonly evaluations: number;
  readonly failures: number;
  /** By name of the receiver. */
  readonly deliveries: ReadonlyMap<string, DeliveryCounts>;
}

/** Evaluates alerts and tells their receivers until it is stopped. Of several workers one does. */
export class Alerts {
  readonly #context: AlertsContext;
  readonly #plan: AlertPlan;
  readonly #ending = new AbortController();
  readonly #ended: Promise<void>;
  readonly #deliveries: ReadonlyMap<string, DeliveryCounts>;
  readonly #counts = { evaluations: 0, failures: 0 };
  readonly #bells: ReadonlyMap<string, Bell>;
  #state: AlertsStatus['state'] = 'starting';
  #problem: string | undefined;

  constructor(context: AlertsContext, plan: AlertPlan) {
    this.#context = context;
    this.#plan = plan;
    const names = plan.receivers.map(({ name }) => name);
    this.#deliveries = new Map(names.map((name) => [name, noDeliveries()]));
    this.#bells = new Map(names.map((name) => [name, new Bell()]));
    this.#ended = this.#run();
  }

  get plan(): AlertPlan {
    return this.#plan;
  }

  get status(): AlertsStatus {
    const problem = this.#problem;
    const counts = { ...this.#counts, deliveries: this.#deliveries };
    return { state: this.#state, ...counts, ...(problem === undefined ? {} : { problem }) };
  }

  /** Has messages looked for now. */
  wake(): void {
    for (const bell of this.#bells.values()) bell.ring();
  }

  /** What was not acknowledged is told after the next start. */
  async stop(): Promise<void> {
    this.#ending.abort(new Error('tailrace is stopping'));
    await this.#ended;
  }

  async #run(): Promise<void> {
    const work: ClaimedWork = {
      ...this.#context,
      claim: 'alerts',
      by: 'alerts',
      pauses: { firstMs: 1_000, longestMs: 60_000 },
      work: (claimed) => this.#work(claimed),
      onFailure: (cause) => this.#fail(cause),
    };
    await workWhileClaimed(work, this.#ending.signal);
    this.#state = 'stopped';
    this.#problem = undefined;
  }

  #fail(cause: Error): void {
    const { message } = cause;
    this.#state = cause instanceof ClaimedElsewhereError ? 'standby' : 'retrying';
    if (this.#problem !== message) this.#context.onEvent(message);
    this.#problem = message;
  }

  async #work({ worker, signal: until, onProgress }: Claimed): Promise<void> {
    const { engine, onEvent } = this.#context;
    const { receivers } = this.#plan;
    const book: AlertBook = { engine, worker };
    const onRound = () => {
      onProgress();
      this.#state = 'running';
      this.#problem = undefined;
    };
    const rounds = await AlertRounds.open(book, this.#plan, { counts: this.#counts, onEvent });
    await withOwnAbort(until, async (own) => {
      const { signal } = own;
      const deliveries = receivers.map((receiver) => {
        const [count, bell] = [this.#deliveries.get(receiver.name), this.#bells.get(receiver.name)];
        if (!count || !bell) throw new Error(`BUG: the receiver ${receiver.name} is not of the plan`);
        return deliverMessages(book, receiver, { count, bell, onEvent, signal });
      });
      const together = [rounds.follow(signal, { onRound, onAnnounced: () => this.wake() }), ...deliveries];
      // One that fails ends the others too.
      await Promise.all(together.map((work) => work.catch((cause) => own.abort(cause))));
      signal.throwIfAborted();
    });
  }
}
