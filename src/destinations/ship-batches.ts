import { join } from 'node:path';
import type { MaskRules } from '../layouts/line-rules.ts';
import { onClosedBatch } from '../ledger/batch-closed.ts';
import { readAskedAgain } from '../ledger/replay-shipments.ts';
import {
  type Attempt,
  type ClosedBatch,
  readWaiting,
  recordAttempts,
  reviveDead,
  type WaitingBatch,
} from '../ledger/shipments.ts';
import {
  advancePosition,
  openPosition,
  type Shipper,
  type ShippingPosition,
  type ShippingStart,
} from '../ledger/shipping-position.ts';
import { backoffMs } from '../waiting/backoff.ts';
import { Bell } from './bell.ts';
import { type Delivered, type Destination, type Gathering, type Shipment, UnfitBatchError } from './destination.ts';
import { divideRows, readRows } from './read-rows.ts';
import type { ShippingCounts } from './shipping-counts.ts';

export interface ShippingOptions {
  readonly signal: AbortSignal;
  readonly counts: ShippingCounts;
  /** What is made unreadable in delivered rows. */
  readonly mask: MaskRules;
  /** Of this destination alone. */
  readonly spoolDirectory: string;
  /** Called when the destination has taken something, or nothing waits for it. */
  readonly onReady: () => void;
  /** Receives what the destination tells the operator. */
  readonly onTell: (text: string) => void;
  readonly onEvent: (text: string) => void;
}

/** Attempts, about two minutes, before a batch is given up that the destination cannot take although it takes others. */
const mostAttempts = 8;
/** Batches that are looked at together. */
const mostWaiting = 200;
/** Batches closed by this process are told; those of others are found by asking. */
const askEveryMs = { embedded: 60_000, server: 2_000 };
/** How soon a replay is noticed, at a time at which batches are closed. */
const lookAgainMs = 1_000;
/** Batches that are delivered again together. */
const mostAsked = 1_000;
const alone: Gathering = { mostBatches: 1, mostRows: 1, mostWaitMs: 0 };

/**
 * Opens the destination and ships closed batches, oldest first, until the signal aborts. The caller closes the destination.
 * @throws what the destination or the store throws; batches that were not acknowledged are shipped again
 */
export async function shipBatches(
  shipper: Shipper,
  from: ShippingStart,
  destination: Destination,
  options: ShippingOptions,
): Promise<void> {
  const { engine } = shipper;
  const { signal, counts, onReady } = options;
  const bell = new Bell();
  const unhear = onClosedBatch(engine, () => bell.ring());
  const shipping = new Shipping(shipper, destination, options);
  const look = async (position: ShippingPosition) => {
    const { batches, count } = await readWaiting(shipper, position, mostWaiting);
    counts.waiting = count;
    counts.oldestClosedAtMs = batches[0]?.closedAtMs;
    return batches;
  };
  try {
    // First, because the destination may be away: it starts here all the same, and what waits for it is seen.
    let position = await openPosition(shipper, from);
    await look(position);
    await destination.open(signal, options.onTell);
    await forgetPassed(destination, position);
    await reviveDead(shipper, mostWaiting);
    for (let lookAgainAt = 0; !signal.aborted; ) {
      if (performance.now() >= lookAgainAt) {
        const asked = await readAskedAgain(shipper, position, mostAsked);
        position = { ...position, open: [...position.open, ...asked] };
        lookAgainAt = performance.now() + lookAgainMs;
      }
      const batches = await look(position);
      if (batches.length === 0) onReady();
      const waitMs = await shipping.ship(batches);
      if (waitMs === 0) continue;
      position = await advancePosition(shipper, position);
      await forgetPassed(destination, position);
      await bell.rung(Math.min(waitMs ?? Number.POSITIVE_INFINITY, askEveryMs[engine.kind]), signal);
    }
  } finally {
    unhear();
  }
}

/** Also batches that were taken back, or that another start made this destination skip. */
async function forgetPassed(destination: Destination, { position, open }: ShippingPosition): Promise<void> {
  await destination.forget?.((batch) => BigInt(batch) <= BigInt(position) && !open.includes(batch));
}

class Shipping {
  readonly #shipper: Shipper;
  readonly #destination: Destination;
  readonly #options: ShippingOptions;
  /** By batch: when it may be tried again. */
  readonly #notBefore = new Map<string, number>();

  constructor(shipper: Shipper, destination: Destination, options: ShippingOptions) {
    this.#shipper = shipper;
    this.#destination = destination;
    this.#options = options;
  }

  /** @returns 0 when something was done; otherwise when something is due; undefined when nothing waits */
  async ship(waiting: readonly WaitingBatch[]): Promise<number | undefined> {
    const { counts, signal } = this.#options;
    const now = performance.now();
    const left = [...waiting];
    counts.problem = waiting.some(({ attempts }) => attempts > 0) ? counts.problem : undefined;
    const dueAt = ({ batch }: ClosedBatch) => this.#notBefore.get(batch) ?? 0;
    const due = left.filter((batch) => dueAt(batch) <= now);
    let isDone = false;
    for (;;) {
      const { mostBatches, mostRows, mostWaitMs } = this.#destination.gathering ?? alone;
      const some = gather(due, mostBatches, mostRows);
      const waitedMs = Date.now() - (some[0]?.closedAtMs ?? 0);
      if (some.length === 0 || signal.aborted) break;
      const isFull = some.length < due.length || some.length >= mostBatches || rowsOf(some) >= mostRows;
      if (!isFull && waitedMs < mostWaitMs) return isDone ? 0 : mostWaitMs - waitedMs;
      due.splice(0, some.length);
      await this.#shipSome(some);
      isDone = true;
    }
    if (isDone) return 0;
    return left.length === 0 ? undefined : Math.max(1, Math.min(...left.map(dueAt)) - now);
  }

  async #shipSome(batches: readonly WaitingBatch[]): Promise<void> {
    const { engine } = this.#shipper;
    const { counts, signal, mask, spoolDirectory, onReady } = this.#options;
    try {
      const folder = join(spoolDirectory, 'rows');
      const shipment: Shipment = {
        batches,
        read: (batch, reading) => readRows(engine, batch, reading, mask, signal, folder),
        divide: (batch, division) => divideRows(engine, batch, division, mask),
      };
      const outcomes = await this.#destination.ship(shipment, signal);
      signal.throwIfAborted();
      const attempts = batches.flatMap((batch, index) => {
        const outcome = outcomes[index];
        return outcome instanceof UnfitBatchError ? [] : [shipped(batch, outcome)];
      });
      if (attempts.length > 0) {
        await recordAttempts(this.#shipper, attempts);
        const acknowledged = new Set(attempts.map(({ batch }) => batch));
        await this.#destination.forget?.((batch) => acknowledged.has(batch));
        counts.lastShippedAtMs = Date.now();
      }
      for (const { batch, rows, refused, bytes } of attempts) {
        this.#notBefore.delete(batch);
        counts.batches++;
        counts.rows += rows;
        counts.refused += refused;
        counts.bytes += bytes;
      }
      for (const outcome of outcomes) {
        if (outcome instanceof UnfitBatchError) continue;
        counts.backupBytes += outcome.backupBytes ?? 0;
        counts.objects += outcome.objects ?? 0;
      }
      counts.waiting = Math.max(0, counts.waiting - attempts.length);
      for (const [index, batch] of batches.entries()) {
        const outcome = outcomes[index];
        if (outcome instanceof UnfitBatchError) await this.#setAside(batch, outcome);
      }
      onReady();
    } catch (cause) {
      const unfit = cause instanceof UnfitBatchError && batches.find(({ batch }) => batch === cause.batch);
      if (signal.aborted || !unfit) throw cause;
      await this.#setAside(unfit, cause);
    }
  }

  async #setAside({ batch, attempts }: WaitingBatch, { message }: Error): Promise<void> {
    const { counts, onEvent } = this.#options;
    const attempt = attempts + 1;
    const state = attempt >= mostAttempts ? 'dead' : 'failed';
    await recordAttempts(this.#shipper, [{ batch, attempt, state, rows: 0, refused: 0, bytes: 0, problem: message }]);
    counts.problem = `batch ${batch}: ${message}`;
    if (state === 'failed') {
      counts.retries++;
      this.#notBefore.set(batch, performance.now() + backoffMs(attempt, { firstMs: 1000, longestMs: 60_000 }));
    } else {
      counts.dead++;
      this.#notBefore.delete(batch);
      onEvent(
        `batch ${batch} is given up after ${attempt} attempts: ${message}; it is tried once more at the next start`,
      );
    }
  }
}

function shipped({ batch, attempts }: WaitingBatch, delivered: Delivered | undefined): Attempt {
  if (!delivered) throw new Error(`BUG: the destination did not say what it has of batch ${batch}`);
  const { rows, bytes, refused = 0, missing = 0, note = '' } = delivered;
  const problem = missing > 0 ? `${missing} rows were no longer in the store` : note;
  return { batch, attempt: attempts + 1, state: 'shipped', rows, refused, bytes, problem };
}

/** The first batches that fit a shipment; at least one. */
function gather(batches: readonly WaitingBatch[], mostBatches: number, mostRows: number): WaitingBatch[] {
  let rows = 0;
  const end = batches.findIndex((batch, index) => {
    if (index >= mostBatches || (index > 0 && rows + rowsOf([batch]) > mostRows)) return true;
    rows += rowsOf([batch]);
    return false;
  });
  return batches.slice(0, end === -1 ? batches.length : end);
}

function rowsOf(batches: readonly ClosedBatch[]): number {
  return batches.reduce((sum, { requests, logs, rejects }) => sum + requests + logs + rejects, 0);
}
