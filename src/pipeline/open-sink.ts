import type { Delivery, Pressure, Receipt, Sink, SinkOptions } from '../sources/source.ts';
import type { BatchContext } from './batch-context.ts';
import { emptyBooks } from './file-input.ts';
import { type InputHints, StreamLayouts } from './find-layout.ts';
import { KnownHeaders } from './known-headers.ts';
import { knownVersions, lastVersions } from './ledger.ts';
import { type Preparation, totalBytes } from './prepare-delivery.ts';
import { settleOrigin } from './settle-origin.ts';
import { SinkCounts } from './sink-counts.ts';
import { Spool } from './spool.ts';
import { type StoreEvents, StoreUnits, type Unit } from './store-units.ts';

export interface SinkSettings {
  readonly hints?: InputHints;
  /** For bytes on their way into the engine; of this sink alone. */
  readonly spoolDirectory: string;
  /** Told of what somebody should know, in words: drift, files that cannot be read. */
  readonly onEvent?: (text: string) => void;
}

/** A sink into the store, with its counts for people. */
export interface StoreSink extends Sink {
  readonly counts: SinkCounts;
  /** Ends what is under way, refuses what waits. Idempotent. */
  close(): Promise<void>;
}

/** Opens a sink into the store. Whoever calls it at the same time shares batches, so that many small calls cost little. */
export function openSink(context: BatchContext, settings: SinkSettings): StoreSink {
  return new BatchingSink(context, settings);
}

/** What may wait or be under way before callers that cannot wait are sent away. */
const fullBytes = 64 * 1024 * 1024;
/** What one batch takes at most; a retry repeats it. */
const maxBatch = { bytes: 32 * 1024 * 1024, deliveries: 2000 };
const gatherMs = 10;
/** Batches of calls that commit elsewhere cannot be shared, so several of them run side by side. */
const maxCommitting = 4;

class BatchingSink implements StoreSink {
  readonly counts = new SinkCounts();
  readonly #context: BatchContext;
  readonly #preparation: Preparation;
  readonly #storeUnits: StoreUnits;
  readonly #closing = new AbortController();
  readonly #underWay = new Map<string, Promise<unknown>>();
  readonly #flights = new Set<Promise<void>>();
  readonly #waiting: Unit[] = [];
  #pumping: NodeJS.Timeout | undefined;
  #waitingBytes = 0;
  #sharedFlights = 0;

  constructor(context: BatchContext, { hints = {}, spoolDirectory, onEvent = () => {} }: SinkSettings) {
    this.#context = context;
    this.#preparation = {
      engine: context.engine,
      spool: new Spool(spoolDirectory),
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
    this.#storeUnits = new StoreUnits(context, this.#preparation, this.#closing.signal, events);
  }

  async store(deliveries: readonly Delivery[], { signal, commit }: SinkOptions = {}): Promise<readonly Receipt[]> {
    signal?.throwIfAborted();
    this.#closing.signal.throwIfAborted();
    const same = deliveries.flatMap((delivery) => this.#underWay.get(identity(delivery)) ?? []);
    // Sent twice at the same time: once the first is through, the second is known.
    if (same.length > 0) {
      await Promise.allSettled(same);
      return this.store(deliveries, { ...(signal ? { signal } : {}), ...(commit ? { commit } : {}) });
    }
    const bytes = deliveries.reduce(
      (sum, { content }) => sum + (content.kind === 'file' ? 0 : totalBytes(content.chunks)),
      0,
    );
    const unit = openUnit(deliveries, bytes, { ...(signal ? { signal } : {}), ...(commit ? { commit } : {}) });
    const withdraw = () => this.#withdraw(unit, signal?.reason);
    signal?.addEventListener('abort', withdraw, { once: true });
    this.#waiting.push(unit);
    this.#waitingBytes += bytes;
    this.counts.wait(deliveries, bytes);
    for (const delivery of deliveries) this.#underWay.set(identity(delivery), unit.receipts);
    this.#pumpSoon();
    try {
      const receipts = await unit.receipts;
      this.counts.store(receipts, bytes);
      return receipts;
    } finally {
      signal?.removeEventListener('abort', withdraw);
      this.#waitingBytes -= bytes;
      this.counts.leave(deliveries, bytes);
      for (const delivery of deliveries) this.#underWay.delete(identity(delivery));
    }
  }

  lastStored(originPrefix: string): Promise<ReadonlyMap<string, string>> {
    return lastVersions(this.#context.engine, originPrefix);
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
    for (const unit of this.#waiting.splice(0)) unit.reject(reason);
    await Promise.allSettled(this.#flights);
    await this.#preparation.spool.close();
  }

  #withdraw(unit: Unit, reason: unknown): void {
    const place = this.#waiting.indexOf(unit);
    if (place === -1) return;
    this.#waiting.splice(place, 1);
    unit.reject(reason);
  }

  /** Calls that one event sets off come within moments of each other; a batch that left with the first costs a second one. */
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

  /** Calls that commit go alone; all others share one batch, and while it is stored the next one gathers. */
  #nextBatch(): Unit[] {
    const committing = this.#flights.size - this.#sharedFlights;
    const alone = committing < maxCommitting ? this.#waiting.findIndex(({ commit }) => commit) : -1;
    if (alone !== -1) return this.#waiting.splice(alone, 1);
    if (this.#sharedFlights > 0) return [];
    const units: Unit[] = [];
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

  async #fly(units: readonly Unit[]): Promise<void> {
    const started = performance.now();
    try {
      const fresh = await this.#withoutKnown(units);
      if (fresh.length > 0) await this.#storeUnits.store(fresh);
    } catch (cause) {
      for (const unit of units) unit.reject(cause);
    } finally {
      this.counts.batches++;
      this.counts.batchMs = performance.now() - started;
    }
  }

  /** Leaves out what is stored already; the rest of its call is stored all the same. */
  async #withoutKnown(units: readonly Unit[]): Promise<Unit[]> {
    const all = units.flatMap(({ deliveries }) => deliveries);
    const known = await this.#storeUnits.retry(units, () => knownVersions(this.#context.engine, all));
    if (known.size === 0) return [...units];
    return units.flatMap((unit) => {
      const fresh = unit.deliveries.filter((delivery) => !known.has(identity(delivery)));
      const resolve = (stored: readonly Receipt[]) => {
        const left = [...stored];
        unit.resolve(
          unit.deliveries.map((delivery) =>
            known.has(identity(delivery)) ? knownReceipt : (left.shift() ?? knownReceipt),
          ),
        );
      };
      if (fresh.length > 0) return [{ ...unit, deliveries: fresh, resolve }];
      resolve([]);
      return [];
    });
  }
}

const knownReceipt: Receipt = { known: true, ...emptyBooks };

/** A call as it waits, and what it waits for. */
function openUnit(deliveries: readonly Delivery[], bytes: number, options: SinkOptions) {
  let settle!: Pick<Unit, 'resolve' | 'reject'>;
  const receipts = new Promise<readonly Receipt[]>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { deliveries, bytes, receipts, ...settle, ...options };
}

function identity({ origin, version }: Delivery): string {
  return `${origin}\n${version}`;
}
