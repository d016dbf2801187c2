import type { Call } from './sink-call.ts';

/** Limits of a batch. They bound what a retry repeats, and the memory that small files and lines take together. */
export const maxBatchDeliveries = 4000;
export const maxBatchBytes = { small: 32 * 1024 ** 2, large: 256 * 1024 ** 2 };
/** Calls with a `commit` cannot share a batch, so several of their batches run in parallel. */
const maxCommitting = 4;
/** While the first is gathered or closed, the second keeps the engine busy. */
const maxShared = 2;
/** Share of the limits from which on a second batch is worth its fixed cost; fewer calls wait until they share one. */
const secondBatchShare = 1 / 8;

/** The batches that are being stored. */
export interface BatchesInFlight {
  /** Number of those of a call with a `commit`. */
  readonly committing: number;
  /** Kinds of all others. */
  readonly shared: readonly string[];
  /** Kinds of which one was stored before. */
  readonly known: ReadonlySet<string>;
}

/** Calls that are not part of a batch yet, in the order of their arrival. */
export class WaitingCalls {
  #calls: Call[] = [];

  add(call: Call): void {
    this.#calls.push(call);
  }

  addFirst(call: Call): void {
    this.#calls.unshift(call);
  }

  /** @returns whether the call was waiting */
  remove(call: Call): boolean {
    const place = this.#calls.indexOf(call);
    if (place !== -1) this.#calls.splice(place, 1);
    return place !== -1;
  }

  removeAll(): readonly Call[] {
    return this.#calls.splice(0);
  }

  /**
   * Removes the calls of the next batch: one with a `commit`, or as many others as fit. Large files are stored alone,
   * because two large inserts in parallel would only take twice the memory.
   * @returns no calls when no batch may start now
   */
  takeBatch({ committing, shared, known }: BatchesInFlight): readonly Call[] {
    const alone = committing < maxCommitting ? this.#calls.find(({ commit }) => commit) : undefined;
    const batch = alone ? [alone] : this.#gather();
    if (!alone && !mayStart(batch, { shared, known })) return [];
    const taken = new Set(batch);
    this.#calls = this.#calls.filter((call) => !taken.has(call));
    return batch;
  }

  /** The first waiting call, and those of its kind that fit into one batch. */
  #gather(): readonly Call[] {
    const [first, ...others] = this.#calls.filter(({ commit }) => !commit);
    if (!first) return [];
    const maxBytes = first.isLarge ? maxBatchBytes.large : maxBatchBytes.small;
    const batch = [first];
    let { bytes, deliveries } = sizeOf(batch);
    for (const call of others) {
      if (call.kind !== first.kind) continue;
      bytes += call.bytes;
      deliveries += call.deliveries.length;
      if (bytes > maxBytes || deliveries > maxBatchDeliveries) break;
      batch.push(call);
    }
    return batch;
  }
}

function mayStart(batch: readonly Call[], { shared, known }: Omit<BatchesInFlight, 'committing'>): boolean {
  if (shared.length === 0) return true;
  const [first] = batch;
  if (!first || first.isLarge || shared.length === maxShared) return false;
  if (!shared.includes(first.kind)) return true;
  // The first has the user agents looked up that most of the second would ask for as well.
  if (!known.has(first.kind)) return false;
  const { bytes, deliveries } = sizeOf(batch);
  return Math.max(bytes / maxBatchBytes.small, deliveries / maxBatchDeliveries) >= secondBatchShare;
}

function sizeOf(batch: readonly Call[]): { bytes: number; deliveries: number } {
  const sum = (size: (call: Call) => number) => batch.reduce((total, call) => total + size(call), 0);
  return { bytes: sum(({ bytes }) => bytes), deliveries: sum(({ deliveries }) => deliveries.length) };
}
