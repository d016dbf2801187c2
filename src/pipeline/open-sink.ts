import { type InputHints, StreamLayouts } from '../layouts/find-layout.ts';
import { KnownHeaders } from '../layouts/known-headers.ts';
import { emptyBooks } from '../ledger/books.ts';
import { identityOf, inFlightOf } from '../ledger/in-flight.ts';
import { settleOrigin } from '../ledger/settle-origin.ts';
import { knownVersions, lastVersions, storedVersions } from '../ledger/stored-versions.ts';
import type { Delivery, Pressure, Receipt, Sink, SinkOptions, StoredObject } from '../sources/source.ts';
import type { BatchContext } from './batch-context.ts';
import { CallerLeftError, Patience, type StoreEvents } from './patience.ts';
import { totalBytes } from './prepare-delivery.ts';
import type { Unit } from './prepared-unit.ts';
import { type Call, openCall } from './sink-call.ts';
import { SinkCounts } from './sink-counts.ts';
import { Spool } from './spool.ts';
import { StoredElsewhereError } from './store-batch.ts';
import { StoreUnits } from './store-units.ts';

export interface SinkSettings {
  readonly hints?: InputHints;
  /** For bytes on their way into the engine; used by this sink alone. */
  readonly spoolDirectory: string;
  /** Receives events for the operator as text: drift, files that cannot be read. */
  readonly onEvent?: (text: string) => void;
  /** Counts of an earlier sink to continue. */
  readonly counts?: SinkCounts;
}

/** A sink into the store, with counts for status and metrics. */
export interface StoreSink extends Sink {
  readonly counts: SinkCounts;
  /** Ends what is in flight, rejects what is waiting. Idempotent. */
  close(): Promise<void>;
}

/** Opens a sink into the store. Concurrent calls share batches, so that many small calls cost little. */
export function openSink(context: BatchContext, settings: SinkSettings): StoreSink {
  return new BatchingSink(context, settings);
}

/** Bytes that may wait or be in flight before callers that cannot wait are refused. */
const fullBytes = 64 * 1024 * 1024;
/** Limits of one batch; a retry repeats all of it. */
const maxBatch = { bytes: 32 * 1024 * 1024, deliveries: 2000 };
const gatherMs = 10;
/** Calls with a `commit` cannot share a batch, so several of their batches run in parallel. */
const maxCommitting = 4;

class BatchingSink implements StoreSink {
  readonly counts: SinkCounts;
  readonly #context: BatchContext;
  readonly #spool: Spool;
  readonly #patience: Patience;
  readonly #storeUnits: StoreUnits;
  readonly #closing = new AbortController();
  readonly #flights = new Set<Promise<void>>();
  readonly #waiting: Call[] = [];
  #pumping: NodeJS.Timeout | undefined;
  #waitingBytes = 0;
  #sharedFlights = 0;

  constructor(context: BatchContext, { hints = {}, spoolDirectory, onEvent = () => {}, counts }: SinkSettings) {
    this.#context = context;
    this.counts = counts ?? new SinkCounts();
    this.#spool = new Spool(spoolDirectory);
    const preparation = {
      engine: context.engine,
      layouts: new StreamLayouts(hints),
      hints,
      headers: new KnownHeaders(),
    };
    const events: StoreEvents = {
      onEvent: (text) => {
        this.counts.events++;
        onEvent(text);
      },
      onProblem: (problem) => this.counts.fail(problem),
      onStored: () => this.counts.recover(),
    };
    this.#patience = new Patience(context.engine, this.#closing.signal, events);
    this.#storeUnits = new StoreUnits(context, preparation, this.#spool, this.#patience, events);
  }

  async store(deliveries: readonly Delivery[], options: SinkOptions = {}): Promise<readonly Receipt[]> {
    const closing = this.#closing.signal;
    const signal = options.signal ? AbortSignal.any([options.signal, closing]) : closing;
    const inFlight = inFlightOf(this.#context.engine);
    const bytes = deliveries.reduce(
      (sum, { content }) => sum + (content.kind === 'file' ? 0 : totalBytes(content.chunks)),
      0,
    );
    this.#waitingBytes += bytes;
    this.counts.wait(deliveries, bytes);
    try {
      // The same object sent twice concurrently: once the first is stored, the second is known.
      await inFlight.hold(deliveries, signal);
      try {
        const receipts = await this.#queue(openCall(deliveries, bytes, options));
        this.counts.store(receipts, bytes);
        return receipts;
      } finally {
        inFlight.release(deliveries);
      }
    } finally {
      this.#waitingBytes -= bytes;
      this.counts.leave(deliveries, bytes);
    }
  }

  async #queue(call: Call): Promise<readonly Receipt[]> {
    const { signal, receipts } = call;
    const withdraw = () => this.#withdraw(call, signal?.reason);
    signal?.addEventListener('abort', withdraw, { once: true });
    this.#waiting.push(call);
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

  settle(origin: string, committed: string | undefined): Promise<void> {
    return settleOrigin(this.#context.engine, origin, committed);
  }

  pressure(): Pressure {
    const { problem } = this.counts;
    return { waitingBytes: this.#waitingBytes, full: this.#waitingBytes >= fullBytes, ...(problem ? { problem } : {}) };
  }

  async close(): Promise<void> {
    const reason = new Error('cannot store: tailrace is stopping; send it again when it runs');
    this.#closing.abort(reason);
    clearTimeout(this.#pumping);
    for (const call of this.#waiting.splice(0)) call.reject(reason);
    await Promise.allSettled(this.#flights);
    await this.#spool.close();
  }

  #withdraw(call: Call, reason: unknown): void {
    const place = this.#waiting.indexOf(call);
    if (place === -1) return;
    this.#waiting.splice(place, 1);
    call.reject(reason);
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
      const units = this.#nextBatch();
      if (units.length === 0) return;
      const isShared = units[0]?.commit === undefined;
      if (isShared) this.#sharedFlights++;
      const flight = this.#fly(units).finally(() => {
        if (isShared) this.#sharedFlights--;
        this.#flights.delete(flight);
        this.#pumpSoon();
      });
      this.#flights.add(flight);
    }
  }

  /** A call with a `commit` gets its own batch; all others share one, and the next gathers while it is stored. */
  #nextBatch(): Call[] {
    const committing = this.#flights.size - this.#sharedFlights;
    const alone = committing < maxCommitting ? this.#waiting.findIndex(({ commit }) => commit) : -1;
    if (alone !== -1) return this.#waiting.splice(alone, 1);
    if (this.#sharedFlights > 0) return [];
    const units: Call[] = [];
    let [bytes, deliveries] = [0, 0];
    for (const unit of this.#waiting.filter(({ commit }) => !commit)) {
      if (units.length > 0 && (bytes + unit.bytes > maxBatch.bytes || deliveries >= maxBatch.deliveries)) break;
      units.push(unit);
      bytes += unit.bytes;
      deliveries += unit.deliveries.length;
    }
    for (const unit of units) this.#waiting.splice(this.#waiting.indexOf(unit), 1);
    return units;
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
      else this.#waiting.unshift(call);
    }
  }

  /** Leaves out what is stored already and duplicates within a call; the rest of the call is still stored. */
  async #withoutKnown(calls: readonly Call[]): Promise<Unit[]> {
    const all = calls.flatMap(({ deliveries }) => deliveries);
    const known = await this.#patience.retry(
      calls,
      () => knownVersions(this.#context.engine, all),
      // The failure cannot come from the content to be stored.
      () => true,
    );
    return calls.flatMap((call) => {
      const seen = new Set(known);
      const isFresh = call.deliveries.map((delivery) => seen.size < seen.add(identityOf(delivery)).size);
      const deliveries = call.deliveries.filter((_, index) => isFresh[index]);
      const resolve = (stored: readonly Receipt[]) => {
        const left = [...stored];
        call.resolve(isFresh.map((fresh) => (fresh && left.shift()) || knownReceipt));
      };
      if (deliveries.length > 0) return [{ ...call, deliveries, resolve }];
      resolve([]);
      return [];
    });
  }
}

const knownReceipt: Receipt = { known: true, ...emptyBooks };
