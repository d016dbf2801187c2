import { statSync } from 'node:fs';
import { type InputHints, StreamLayouts } from '../layouts/find-layout.ts';
import { KnownHeaders } from '../layouts/known-headers.ts';
import { emptyBooks } from '../ledger/books.ts';
import { identityOf, inFlightOf } from '../ledger/in-flight.ts';
import { unfinishedUnderLease } from '../ledger/plans.ts';
import { settleBatches } from '../ledger/settle-batches.ts';
import { lastVersions, storedVersions } from '../ledger/stored-versions.ts';
import type {
  Checkpoints,
  Delivery,
  Pressure,
  Receipt,
  Sink,
  SinkOptions,
  StoredObject,
  UnfinishedBatch,
  UserFile,
} from '../sources/source.ts';
import type { BatchContext } from './batch-context.ts';
import { CallerLeftError, Patience, type StoreEvents } from './patience.ts';
import { totalBytes } from './prepare-delivery.ts';
import { refuse, type Unit } from './prepared-unit.ts';
import { type Call, openCall } from './sink-call.ts';
import { SinkCounts } from './sink-counts.ts';
import { Spool } from './spool.ts';
import { StoredElsewhereError } from './store-batch.ts';
import { StoreUnits } from './store-units.ts';
import { findStoredBefore, partToStore, type StoredBefore } from './stored-before.ts';
import { type Inspection, isFile, takeDelivery } from './take-delivery.ts';
import { maxBatchBytes, maxBatchDeliveries, WaitingCalls } from './waiting-calls.ts';
import type { Arrived } from './watch-tallies.ts';

export interface SinkSettings {
  readonly hints?: InputHints;
  /** For bytes on their way into the engine; used by this sink alone. */
  readonly spoolDirectory: string;
  /** Receives events for the operator as text: drift, files that cannot be read. */
  readonly onEvent?: (text: string) => void;
  /** Counts of an earlier sink to continue. */
  readonly counts?: SinkCounts;
  /** After so many failures of the store in a row, calls fail; default: never. */
  readonly attempts?: number;
}

/** A sink into the store, with counts for status and metrics. */
export interface StoreSink extends Sink, Checkpoints {
  readonly counts: SinkCounts;
  /** What has arrived of the batches that are being stored. */
  arrived(): Promise<Arrived>;
  /** Ends what is in flight, rejects what is waiting. Idempotent. */
  close(): Promise<void>;
}

/** Opens a sink into the store. Concurrent calls share batches, so that many small calls cost little. */
export function openSink(context: BatchContext, settings: SinkSettings): StoreSink {
  return new BatchingSink(context, settings);
}

/**
 * Limits of what waits or is in flight: two of the largest batches, one of which is stored while the next gathers. Of small ones two are
 * stored at once, while a third gathers.
 */
const full = { bytes: 2 * maxBatchBytes.large, deliveries: 3 * maxBatchDeliveries };
const gatherMs = 10;

class BatchingSink implements StoreSink {
  readonly counts: SinkCounts;
  readonly #context: BatchContext;
  readonly #spool: Spool;
  readonly #patience: Patience;
  readonly #storeUnits: StoreUnits;
  readonly #closing = new AbortController();
  readonly #flights = new Set<Promise<void>>();
  readonly #waiting = new WaitingCalls();
  #committing = 0;
  #shared: string[] = [];
  readonly #known = new Set<string>();
  readonly #inspection: Inspection;
  #pumping: NodeJS.Timeout | undefined;
  #held = { bytes: 0, deliveries: 0 };

  constructor(
    context: BatchContext,
    {
      hints = {},
      spoolDirectory,
      onEvent = () => {},
      counts = new SinkCounts(),
      attempts = Number.POSITIVE_INFINITY,
    }: SinkSettings,
  ) {
    this.#context = context;
    this.#inspection = { hints, headers: new KnownHeaders() };
    this.counts = counts;
    this.#spool = new Spool(spoolDirectory);
    const preparation = { engine: context.engine, layouts: new StreamLayouts(hints) };
    const events: StoreEvents = {
      onEvent: (text) => {
        this.counts.events++;
        onEvent(text);
      },
      onProblem: (problem) => this.counts.fail(problem),
      onStored: () => this.counts.recover(),
    };
    this.#patience = new Patience(context.engine, this.#closing.signal, events, attempts);
    this.#storeUnits = new StoreUnits(context, preparation, this.#spool, this.#patience, events);
  }

  async store(deliveries: readonly (Delivery | UserFile)[], options: SinkOptions = {}): Promise<readonly Receipt[]> {
    const bytes = deliveries.reduce((sum, delivery) => sum + sizeOf(delivery), 0);
    this.#held.bytes += bytes;
    this.#held.deliveries += deliveries.length;
    this.counts.wait(deliveries.length, bytes);
    try {
      return await this.#take(deliveries, bytes, options);
    } finally {
      this.#held.bytes -= bytes;
      this.#held.deliveries -= deliveries.length;
      this.counts.leave(deliveries.length, bytes);
    }
  }

  async #take(
    deliveries: readonly (Delivery | UserFile)[],
    bytes: number,
    options: SinkOptions,
  ): Promise<readonly Receipt[]> {
    const closing = this.#closing.signal;
    const signal = options.signal ? AbortSignal.any([options.signal, closing]) : closing;
    const inFlight = inFlightOf(this.#context.engine);
    const taken = await Promise.all(deliveries.map((delivery) => takeDelivery(delivery, this.#inspection)));
    // The same object sent twice concurrently: once the first is stored, the second is known.
    await inFlight.hold(taken, signal);
    try {
      const receipts = await this.#queue(openCall(taken, bytes, options));
      this.counts.store(receipts, bytes);
      return receipts;
    } finally {
      inFlight.release(taken);
    }
  }

  async #queue(call: Call): Promise<readonly Receipt[]> {
    const { signal, receipts } = call;
    const withdraw = () => this.#withdraw(call, signal?.reason);
    signal?.addEventListener('abort', withdraw, { once: true });
    this.#waiting.add(call);
    this.#pumpSoon();
    try {
      return await receipts;
    } finally {
      signal?.removeEventListener('abort', withdraw);
    }
  }

  lastStored(originPrefix: string): Promise<ReadonlyMap<string, string>> {
    return lastVersions(this.#context.engine, originPrefix);
  }

  versionsOf(origins: readonly string[]): Promise<readonly StoredObject[]> {
    return storedVersions(this.#context.engine, origins);
  }

  async unfinished(origins: readonly string[]): Promise<readonly UnfinishedBatch[]> {
    const batches = await unfinishedUnderLease(this.#context.engine, origins);
    const own = this.#context.worker?.id ?? '';
    return batches.map(({ batch, origin, worker }) => ({ batch, origin, isOwn: worker === own }));
  }

  settle(batches: readonly UnfinishedBatch[], committed: readonly string[]): Promise<void> {
    return settleBatches(
      this.#context.engine,
      batches.map(({ batch }) => batch),
      committed,
    );
  }

  arrived(): Promise<Arrived> {
    return this.#storeUnits.arrived();
  }

  pressure(): Pressure {
    const { bytes, deliveries } = this.#held;
    const { problem } = this.counts;
    return {
      waitingBytes: bytes,
      full: bytes >= full.bytes || deliveries >= full.deliveries,
      ...(problem ? { problem } : {}),
    };
  }

  async close(): Promise<void> {
    const reason = new Error('cannot store: tailrace is stopping; send it again when it runs');
    this.#closing.abort(reason);
    clearTimeout(this.#pumping);
    for (const call of this.#waiting.removeAll()) call.reject(reason);
    await Promise.allSettled(this.#flights);
    await this.#spool.close();
  }

  #withdraw(call: Call, reason: unknown): void {
    if (this.#waiting.remove(call)) call.reject(reason);
  }

  /** Waits briefly, because related calls come close together; a batch with only the first would cost a second. */
  #pumpSoon(): void {
    this.#pumping ??= setTimeout(() => {
      this.#pumping = undefined;
      this.#pump();
    }, gatherMs);
  }

  #pump(): void {
    for (;;) {
      const calls = this.#waiting.takeBatch({ committing: this.#committing, shared: this.#shared, known: this.#known });
      const [first] = calls;
      if (!first) return;
      if (first.commit) this.#committing++;
      else this.#shared.push(first.kind);
      const flight = this.#fly(calls).finally(() => {
        if (first.commit) this.#committing--;
        else this.#shared.splice(this.#shared.indexOf(first.kind), 1);
        this.#known.add(first.kind);
        this.#flights.delete(flight);
        this.#pumpSoon();
      });
      this.#flights.add(flight);
    }
  }

  async #fly(calls: readonly Call[]): Promise<void> {
    const started = performance.now();
    try {
      const fresh = await this.#withoutKnown(calls);
      if (fresh.length > 0) await this.#storeUnits.store(fresh);
    } catch (cause) {
      this.#end(
        calls.filter((call) => !call.isSettled()),
        cause,
      );
    } finally {
      this.counts.batches++;
      this.counts.batchMs = performance.now() - started;
    }
  }

  /**
   * Nothing of these calls is stored. Calls whose signal aborted are rejected; the others go into the next batch, which
   * leaves out what another worker has stored meanwhile.
   */
  #end(calls: readonly Call[], cause: unknown): void {
    const { aborted, reason } = this.#closing.signal;
    for (const call of calls.toReversed()) {
      if (aborted) call.reject(reason);
      else if (!(cause instanceof CallerLeftError || cause instanceof StoredElsewhereError)) call.reject(cause);
      else if (call.signal?.aborted) call.reject(call.signal.reason);
      else this.#waiting.addFirst(call);
    }
  }

  /** Leaves out what is stored already and duplicates within a call; the rest of the call is still stored. */
  async #withoutKnown(calls: readonly Call[]): Promise<Unit[]> {
    const all = calls.flatMap(({ deliveries }) => deliveries);
    const before = await this.#patience.retry(
      calls,
      () => findStoredBefore(this.#context.engine, all),
      // The failure cannot come from the content to be stored.
      () => true,
    );
    return calls.flatMap((call) => freshPart(call, before));
  }
}

function freshPart(call: Call, before: StoredBefore): Unit[] {
  const seen = new Set<string>();
  const isFresh = call.deliveries.map(
    (delivery) => !before.known.has(identityOf(delivery)) && seen.size < seen.add(identityOf(delivery)).size,
  );
  const resolve = (stored: readonly Receipt[]) => {
    const left = [...stored];
    call.resolve(isFresh.map((fresh) => (fresh && left.shift()) || knownReceipt));
  };
  try {
    const deliveries = call.deliveries.filter((_, index) => isFresh[index]).map((one) => partToStore(one, before));
    if (deliveries.length > 0) return [{ ...call, deliveries, resolve }];
    resolve([]);
  } catch (cause) {
    refuse(call, cause);
  }
  return [];
}

function sizeOf({ content }: Delivery | UserFile): number {
  if (!isFile(content)) return totalBytes(content.chunks);
  try {
    return statSync(content.path).size;
  } catch {
    // Its inspection explains it.
    return 0;
  }
}

const knownReceipt: Receipt = { known: true, ...emptyBooks };
