import { setTimeout as pause } from 'node:timers/promises';
import { withDeadline } from '../../../waiting/deadline.ts';
import type { Activity } from '../../aws/activity.ts';
import type { Item, LeaseRow } from './lease-row.ts';
import { isRefused, type LeaseTable } from './lease-table.ts';

export interface LeaseTimes {
  /** Interval of the owner's heartbeats. */
  readonly heartbeatMs: number;
  /** After this long without a write, others take the lease. */
  readonly failoverMs: number;
}

/**
 * A lease that this worker holds. Its writes run one after the other, each conditional on owner and counter, so that a
 * late write does nothing.
 */
export class HeldLease {
  readonly #table: LeaseTable;
  readonly #key: string;
  readonly #owner: string;
  readonly #times: LeaseTimes;
  readonly #activity: Activity;
  readonly #lost = new AbortController();
  #counter: number;
  #renewedMs: number;
  #renewal: Promise<void> | undefined;
  #lastWrite: Promise<unknown> = Promise.resolve();

  /** @param takenMs when the write that took the lease was sent, by `performance.now()` */
  constructor(table: LeaseTable, row: LeaseRow, times: LeaseTimes, activity: Activity, takenMs: number) {
    this.#table = table;
    this.#key = row.leaseKey;
    this.#owner = row.leaseOwner ?? '';
    this.#counter = row.leaseCounter;
    this.#times = times;
    this.#activity = activity;
    this.#renewedMs = takenMs;
  }

  /** Aborts when another worker holds the lease, or may take it. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Sends heartbeats until the signal aborts or the lease is lost. */
  async keep(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.lost.aborted) {
      await pause(this.#times.heartbeatMs, undefined, { signal }).catch(() => {});
      // Not awaited: a write without an answer must not delay noticing the timeout.
      this.#renewal ??= this.#inTurn(() => this.#renew()).finally(() => {
        this.#renewal = undefined;
      });
      if (performance.now() - this.#renewedMs > this.#times.failoverMs) this.#lose('could not be renewed in time');
    }
  }

  /**
   * Advances the checkpoint, together with the id of the batch that holds the records before it.
   * @throws Error when, and only when, it is certain that this did not happen and never will
   */
  commit(checkpoint: string, batch: string): Promise<void> {
    const set = { checkpoint: { S: checkpoint }, batch: { S: batch } };
    return this.#write(set, (row) => row.batch === batch || row.settled.includes(batch));
  }

  /** Advances the checkpoint when nothing had to be stored for it. @throws as {@link commit} */
  advance(checkpoint: string, children: readonly string[] = []): Promise<void> {
    const lineage = children.length > 0 ? { childShardIds: { SS: [...children] } } : {};
    return this.#write({ checkpoint: { S: checkpoint }, ...lineage }, (row) => row.checkpoint === checkpoint);
  }

  /** Releases the lease to others at once; where that fails, they wait for the failover. */
  async release(): Promise<void> {
    const release = this.#inTurn(() => this.#update({}, ['leaseOwner'])).catch(() => {});
    await withDeadline<unknown>(release, { afterMs: this.#times.failoverMs, onLate: () => undefined });
    this.#lose('was released');
  }

  async #renew(): Promise<void> {
    if (this.lost.aborted) return;
    try {
      await this.#update({});
    } catch (error) {
      // After any other error the outcome is unknown; the next heartbeat finds out.
      if (isRefused(error)) await this.#reread().catch(() => {});
    }
  }

  async #write(set: Item, isDone: (row: LeaseRow) => boolean): Promise<void> {
    const outcome = await this.#inTurn(() =>
      this.lost.aborted
        ? 'lost'
        : this.#activity.repeat(
            `update lease "${this.#key}"`,
            new AbortController().signal, // a started write must reach a known outcome
            () => this.#attempt(set, isDone),
            () => true,
          ),
    );
    if (outcome === 'lost') throw this.lost.reason;
  }

  async #attempt(set: Item, isDone: (row: LeaseRow) => boolean): Promise<'done' | 'lost'> {
    try {
      await this.#update(set);
      return 'done';
    } catch (error) {
      const row = await this.#reread();
      if (row && isDone(row)) return 'done';
      if (this.lost.aborted && row?.leaseOwner !== this.#owner) return 'lost';
      throw error;
    }
  }

  async #update(set: Item, remove: readonly string[] = []): Promise<void> {
    const sentMs = performance.now();
    const row = await this.#table.update(this.#key, { owner: this.#owner, counter: this.#counter, set, remove });
    this.#counter = row.leaseCounter;
    this.#renewedMs = sentMs;
  }

  /** Rereads the row after a write with an unknown outcome. */
  async #reread(): Promise<LeaseRow | undefined> {
    const row = await this.#table.read(this.#key);
    if (row?.leaseOwner === this.#owner) this.#counter = row.leaseCounter;
    else this.#lose('was taken by another worker');
    return row;
  }

  #lose(how: string): void {
    if (!this.lost.aborted) this.#lost.abort(new Error(`cannot continue with lease "${this.#key}": it ${how}`));
  }

  #inTurn<T>(write: () => Promise<T> | T): Promise<T> {
    const turn = this.#lastWrite.then(write);
    this.#lastWrite = turn.catch(() => {});
    return turn;
  }
}
