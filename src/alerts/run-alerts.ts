import { Bell } from '../destinations/bell.ts';
import type { Engine } from '../engine/engine.ts';
import { ClaimedElsewhereError, claimInput } from '../ledger/claim-input.ts';
import type { Worker } from '../ledger/worker.ts';
import { backoffMs } from '../waiting/backoff.ts';
import { withOwnAbort } from '../waiting/own-abort.ts';
import type { AlertBook } from './alert-book.ts';
import type { AlertPlan } from './alert-plan.ts';
import { type DeliveryCounts, deliverMessages } from './deliver-messages.ts';
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

/** How often a worker asks whether the one that evaluates has ended. */
const standbyMs = 5_000;

/** Evaluates alerts and tells their receivers until it is stopped. Of several workers one does. */
export class Alerts {
  readonly #context: AlertsContext;
  readonly #plan: AlertPlan;
  readonly #ending = new AbortController();
  readonly #ended: Promise<void>;
  readonly #deliveries = new Map<string, DeliveryCounts>();
  readonly #counts = { evaluations: 0, failures: 0 };
  readonly #bell = new Bell();
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
    const counts = { ...this.#counts, deliveries: this.#deliveries };
    return { state: this.#state, ...counts, ...(problem === undefined ? {} : { problem }) };
  }

  /** Has messages looked for now. */
  wake(): void {
    this.#bell.ring();
  }

  /** What was not acknowledged is told after the next start. */
  async stop(): Promise<void> {
    this.#ending.abort(new Error('tailrace is stopping'));
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending;
    for (let failures = 1; !signal.aborted; failures++) {
      try {
        await this.#runClaimed(() => {
          failures = 0;
          this.#state = 'running';
          this.#problem = undefined;
        });
      } catch (cause) {
        if (signal.aborted) break;
        const isStandby = cause instanceof ClaimedElsewhereError;
        this.#state = isStandby ? 'standby' : 'retrying';
        const { message } = cause as Error;
        if (this.#problem !== message) this.#context.onEvent(message);
        this.#problem = message;
        const pauseMs = isStandby ? standbyMs : backoffMs(failures, { firstMs: 1_000, longestMs: 60_000 });
        await new Bell().rung(pauseMs, signal);
      }
    }
    this.#state = 'stopped';
    this.#problem = undefined;
  }

  async #runClaimed(onRound: () => void): Promise<void> {
    const { engine, onEvent } = this.#context;
    const { receivers } = this.#plan;
    const claim = await claimInput({ ...this.#context, pipeline: 'alerts' }, 'alerts');
    try {
      const book: AlertBook = { engine, worker: engine.kind === 'server' ? (claim.worker?.id ?? '') : '' };
      const until = AbortSignal.any([this.#ending.signal, claim.lost]);
      const rounds = await AlertRounds.open(book, this.#plan, { counts: this.#counts, onEvent });
      await withOwnAbort(until, async (own) => {
        const { signal } = own;
        const together = [
          rounds.follow(signal, { onRound, onAnnounced: () => this.#bell.ring() }),
          deliverMessages(book, receivers, { counts: this.#deliveries, bell: this.#bell, onEvent, signal }),
        ];
        // One that fails ends the other too.
        await Promise.all(together.map((work) => work.catch((cause) => own.abort(cause))));
        signal.throwIfAborted();
      });
    } finally {
      await claim.release();
    }
  }
}
