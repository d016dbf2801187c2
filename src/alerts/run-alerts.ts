import { isDeepStrictEqual } from 'node:util';
import { Bell } from '../destinations/bell.ts';
import type { Engine } from '../engine/engine.ts';
import { ClaimedElsewhereError } from '../ledger/claim-input.ts';
import { type Claimed, type ClaimedWork, workWhileClaimed } from '../ledger/work-while-claimed.ts';
import type { Worker } from '../ledger/worker.ts';
import { withOwnAbort } from '../waiting/own-abort.ts';
import type { Alert } from './alert.ts';
import type { AlertBook } from './alert-book.ts';
import type { AlertPlan } from './alert-plan.ts';
import { type DeliveryCounts, deliverMessages, noDeliveries } from './deliver-messages.ts';
import { evaluateAlert } from './evaluate-alert.ts';
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
  readonly #ending = new AbortController();
  readonly #counts = { evaluations: 0, failures: 0 };
  /** By receiver. */
  readonly #allDeliveries = new Map<string, DeliveryCounts>();
  readonly #bells = new Map<string, Bell>();
  /** By alert: why the configuration of now is not the one that it has. */
  readonly #refusals = new Map<string, string>();
  #plan: AlertPlan;
  /** Ends the work on the plan, which another one replaces. */
  #replacing = new AbortController();
  #ended: Promise<void>;
  #state: AlertsStatus['state'] = 'starting';
  #problem: string | undefined;

  constructor(context: AlertsContext, plan: AlertPlan) {
    this.#context = context;
    this.#plan = plan;
    this.#ended = this.#run();
  }

  get plan(): AlertPlan {
    return this.#plan;
  }

  get status(): AlertsStatus {
    const problem = this.#problem;
    const deliveries = new Map(this.#plan.receivers.map(({ name }) => [name, this.#deliveriesTo(name)]));
    const counts = { ...this.#counts, deliveries };
    return { state: this.#state, ...counts, ...(problem === undefined ? {} : { problem }) };
  }

  /** Why alerts go on as they were before their configuration was changed, by name. */
  get refusals(): ReadonlyMap<string, string> {
    return this.#refusals;
  }

  /** Has messages looked for now. */
  wake(): void {
    for (const bell of this.#bells.values()) bell.ring();
  }

  /**
   * Goes on with another plan, as after a restart. An alert that has changed and cannot be evaluated any more is told, and goes
   * on as it was.
   */
  async apply(plan: AlertPlan): Promise<void> {
    this.#refusals.clear();
    const alerts = await Promise.all(plan.alerts.map((alert) => this.#acceptable(alert)));
    this.#replacing.abort(new Error('the alerts are configured anew'));
    await this.#ended;
    if (this.#ending.signal.aborted) return;
    this.#plan = { ...plan, alerts };
    this.#state = 'starting';
    this.#replacing = new AbortController();
    this.#ended = this.#run();
  }

  /** The alert as it will be: as it was, where it cannot be evaluated as it is now. */
  async #acceptable(alert: Alert): Promise<Alert> {
    const before = this.#plan.alerts.find(({ name }) => name === alert.name);
    if (before && isDeepStrictEqual(before, alert)) return before;
    const { engine, onEvent } = this.#context;
    const options = { engine, known: new Map(), suppress: () => '', signal: this.#ending.signal };
    try {
      await evaluateAlert(alert, Math.floor(Date.now() / alert.everyMs) * alert.everyMs, options);
      return alert;
    } catch (cause) {
      const refusal = `its new configuration cannot be evaluated: ${(cause as Error).message}`;
      onEvent(`${alert.name}: ${refusal}${before ? '; it goes on as it was' : ''}`);
      if (before) this.#refusals.set(alert.name, `${refusal}; it goes on as it was`);
      // Those who are told are configured by themselves.
      return before ? { ...before, notify: alert.notify } : alert;
    }
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
    await workWhileClaimed(work, AbortSignal.any([this.#ending.signal, this.#replacing.signal]));
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
        const count = this.#deliveriesTo(receiver.name);
        const bell = new Bell();
        this.#bells.set(receiver.name, bell);
        return deliverMessages(book, receiver, { count, bell, onEvent, signal });
      });
      const together = [rounds.follow(signal, { onRound, onAnnounced: () => this.wake() }), ...deliveries];
      // One that fails ends the others too.
      await Promise.all(together.map((work) => work.catch((cause) => own.abort(cause))));
      signal.throwIfAborted();
    });
  }

  #deliveriesTo(receiver: string): DeliveryCounts {
    const counts = this.#allDeliveries.get(receiver) ?? noDeliveries();
    this.#allDeliveries.set(receiver, counts);
    return counts;
  }
}
