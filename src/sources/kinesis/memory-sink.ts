import { setTimeout as pause } from 'node:timers/promises';
import type { Delivery, Receipt, Sink, SinkOptions } from '../source.ts';

interface Batch {
  readonly deliveries: readonly Delivery[];
  isStored: boolean;
}

/** A store for tests, kept in memory. Several workers may have one in common, each with a sink of its own. */
export class MemoryStore {
  readonly #batches = new Map<string, Batch>();
  #ids = 0;
  /** How long a store call takes. */
  storeMs = 0;
  /** What a commit said that the store knows otherwise: a batch that counts although it was taken back, or the reverse. */
  readonly contradictions: string[] = [];

  /** All lines that count as stored, in the order in which they came to count. */
  get lines(): string[] {
    return this.deliveries.flatMap((delivery) => textOf(delivery).split('\n').slice(0, -1));
  }

  get deliveries(): Delivery[] {
    return [...this.#batches.values()].filter(({ isStored }) => isStored).flatMap(({ deliveries }) => deliveries);
  }

  /** What is under way, and neither stored nor taken back. */
  get unfinished(): number {
    return [...this.#batches.values()].filter(({ isStored }) => !isStored).length;
  }

  sink(): MemorySink {
    return new MemorySink(this);
  }

  isKnown({ origin, version }: Delivery): boolean {
    return this.deliveries.some((stored) => stored.origin === origin && stored.version === version);
  }

  begin(deliveries: readonly Delivery[]): string {
    const id = `batch-${++this.#ids}`;
    this.#batches.set(id, { deliveries, isStored: false });
    return id;
  }

  close(id: string): void {
    const batch = this.#batches.get(id);
    if (!batch) this.contradictions.push(`${id} was committed and had been taken back`);
    else if (!batch.isStored) {
      // Order of lines is the order of commits.
      this.#batches.delete(id);
      this.#batches.set(id, { ...batch, isStored: true });
    }
  }

  takeBack(id: string): void {
    if (this.#batches.get(id)?.isStored) this.contradictions.push(`${id} was taken back and had been committed`);
    this.#batches.delete(id);
  }

  settle(origin: string, committed: string | undefined): void {
    for (const [id, { deliveries, isStored }] of [...this.#batches]) {
      if (isStored || deliveries[0]?.origin !== origin) continue;
      if (id === committed) this.close(id);
      else this.takeBack(id);
    }
  }
}

export class MemorySink implements Sink {
  readonly #store: MemoryStore;
  #isDead = false;

  constructor(store: MemoryStore) {
    this.#store = store;
  }

  /** As after `kill -9`: nothing that was under way comes to an end. */
  kill(): void {
    this.#isDead = true;
  }

  async store(deliveries: readonly Delivery[], { signal, commit }: SinkOptions = {}): Promise<readonly Receipt[]> {
    signal?.throwIfAborted();
    const fresh = deliveries.filter((delivery) => !this.#store.isKnown(delivery));
    if (fresh.length > 0) {
      const id = this.#store.begin(fresh);
      await pause(this.#store.storeMs);
      await this.#ifAlive();
      try {
        await commit?.(id);
      } catch (error) {
        await this.#ifAlive();
        this.#store.takeBack(id);
        throw error;
      }
      await this.#ifAlive();
      this.#store.close(id);
    }
    return deliveries.map((delivery) => {
      const lines = textOf(delivery).split('\n').length - 1;
      return { known: !fresh.includes(delivery), lines, rows: lines, rejected: 0, comments: 0 };
    });
  }

  lastStored(originPrefix: string): Promise<ReadonlyMap<string, string>> {
    const stored = this.#store.deliveries.filter(({ origin }) => origin.startsWith(originPrefix));
    return Promise.resolve(new Map(stored.map(({ origin, version }) => [origin, version])));
  }

  async settle(origin: string, committed: string | undefined): Promise<void> {
    await this.#ifAlive();
    this.#store.settle(origin, committed);
  }

  pressure() {
    return { waitingBytes: 0, full: false };
  }

  #ifAlive(): Promise<void> {
    return this.#isDead ? new Promise(() => {}) : Promise.resolve();
  }
}

export function textOf({ content }: Delivery): string {
  return content.kind === 'file' ? '' : Buffer.concat(content.chunks).toString();
}
