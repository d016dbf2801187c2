import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type {
  Checkpoints,
  Delivery,
  Pressure,
  Receipt,
  Sink,
  SinkOptions,
  StoredObject,
  UnfinishedBatch,
} from '../source.ts';

export interface StoredDelivery extends Delivery {
  /** Content when it was stored; inflated for a gzip file. */
  readonly text: string;
}

/** A worker that is alive or was killed. */
interface Life {
  isOver: boolean;
}

/**
 * A store in memory that keeps the sink's contract, and outlives the sources that store into it. Lines with `REJECT` in
 * them are rejects, blank ones comments.
 */
export class MemorySink implements Sink, Checkpoints {
  /** Everything that counts as stored, in that order; and the same as lines. */
  readonly stored: StoredDelivery[] = [];
  readonly lines: string[] = [];
  readonly calls: (readonly Delivery[])[] = [];
  /** Deliveries that were handed over although they were stored already. */
  readonly repeated: Delivery[] = [];
  /** Commits that contradict the store: a batch that counts although it was taken back, or the reverse. */
  readonly contradictions: string[] = [];
  /** Duration of a call. */
  storeMs = 0;
  /** What every call waits for before it stores. */
  gate: Promise<void> = Promise.resolve();
  pressureNow: Pressure = { waitingBytes: 0, full: false };
  readonly #known = new Set<string>();
  readonly #begun = new Map<string, { readonly deliveries: readonly StoredDelivery[]; readonly owner: Life }>();
  readonly #closed = new Set<string>();
  #ids = 0;

  /** Batches in flight, neither stored nor taken back. */
  get inFlight(): number {
    return this.#begun.size;
  }

  /** From now on nothing is stored. @returns a function that releases waiting and later calls */
  hold(): () => void {
    let open = () => {};
    this.gate = new Promise((resolve) => {
      open = resolve;
    });
    return open;
  }

  /** The store as seen by one of several workers. Once killed, none of its calls in flight finishes. */
  worker(): Sink & Checkpoints & { kill(): void } {
    const life: Life = { isOver: false };
    return {
      store: (deliveries: readonly Delivery[], options) => this.#store(deliveries, options, life),
      lastStored: (originPrefix) => this.lastStored(originPrefix),
      versionsOf: (origins) => this.versionsOf(origins),
      unfinished: async (origins) => {
        await ifAlive(life);
        return this.#unfinishedFor(life, origins);
      },
      settle: async (batches, committed) => {
        await ifAlive(life);
        await this.settle(batches, committed);
      },
      pressure: () => this.pressure(),
      kill: () => {
        life.isOver = true;
      },
    };
  }

  store(deliveries: readonly Delivery[], options?: SinkOptions): Promise<readonly Receipt[]> {
    return this.#store(deliveries, options, { isOver: false });
  }

  async lastStored(originPrefix: string): Promise<ReadonlyMap<string, string>> {
    const stored = this.stored.filter(({ origin }) => origin.startsWith(originPrefix));
    return new Map(stored.map(({ origin, version }) => [origin, version]));
  }

  async versionsOf(origins: readonly string[]): Promise<readonly StoredObject[]> {
    const stored = this.stored.filter(({ origin }) => origins.includes(origin));
    return stored
      .map(({ origin, version, text }) => ({ origin, version, bytes: Buffer.byteLength(text) }))
      .toReversed();
  }

  async unfinished(origins: readonly string[]): Promise<readonly UnfinishedBatch[]> {
    return this.#unfinishedFor(undefined, origins);
  }

  async settle(batches: readonly UnfinishedBatch[], committed: readonly string[]): Promise<void> {
    for (const { batch } of batches.filter(({ batch }) => this.#begun.has(batch))) {
      if (committed.includes(batch)) this.#close(batch);
      else this.#takeBack(batch);
    }
  }

  #unfinishedFor(life: Life | undefined, origins: readonly string[]): UnfinishedBatch[] {
    return [...this.#begun].flatMap(([batch, { deliveries, owner }]) => {
      const origin = deliveries[0]?.origin ?? '';
      return origins.includes(origin) ? [{ batch, origin, isOwn: owner === life }] : [];
    });
  }

  pressure(): Pressure {
    return this.pressureNow;
  }

  async #store(
    deliveries: readonly Delivery[],
    { signal, commit }: SinkOptions = {},
    life: Life,
  ): Promise<readonly Receipt[]> {
    this.calls.push(deliveries);
    await passGate(this.gate, signal);
    const taken = deliveries.map((delivery) => {
      return { delivery, text: textOf(delivery), known: this.#known.has(identity(delivery)) };
    });
    this.repeated.push(...taken.filter(({ known }) => known).map(({ delivery }) => delivery));
    const fresh = taken.filter(({ known }) => !known).map(({ delivery, text }) => ({ ...delivery, text }));
    if (fresh.length > 0) await this.#storeBatch(fresh, commit, life);
    return taken.map(({ text, known }) => ({ known, ...countLines(text) }));
  }

  async #storeBatch(deliveries: readonly StoredDelivery[], commit: SinkOptions['commit'], life: Life): Promise<void> {
    const id = `batch-${++this.#ids}`;
    this.#begun.set(id, { deliveries, owner: life });
    if (this.storeMs > 0) await pause(this.storeMs);
    await ifAlive(life);
    try {
      await commit?.(id);
    } catch (error) {
      await ifAlive(life);
      this.#takeBack(id);
      throw error;
    }
    await ifAlive(life);
    this.#close(id);
  }

  #close(id: string): void {
    const begun = this.#begun.get(id);
    if (!begun) {
      if (!this.#closed.has(id)) this.contradictions.push(`${id} was committed and had been taken back`);
      return;
    }
    this.#begun.delete(id);
    this.#closed.add(id);
    for (const delivery of begun.deliveries) {
      this.#known.add(identity(delivery));
      this.stored.push(delivery);
      for (const line of linesOf(delivery.text)) this.lines.push(line);
    }
  }

  #takeBack(id: string): void {
    if (this.#closed.has(id)) this.contradictions.push(`${id} was taken back and had been committed`);
    this.#begun.delete(id);
  }
}

/** @throws Error for partial lines */
export function textOf({ content, origin }: Delivery): string {
  const bytes = content.kind === 'file' ? readFileSync(content.path) : Buffer.concat(content.chunks);
  if (content.kind === 'file') return (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString();
  const text = bytes.toString();
  if (text !== '' && !text.endsWith('\n'))
    throw new Error(`BUG: what comes from ${origin} does not end with a newline`);
  return text;
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function countLines(text: string): Omit<Receipt, 'known'> {
  const all = linesOf(text);
  const rejected = all.filter((line) => line.includes('REJECT')).length;
  const comments = all.filter((line) => line === '').length;
  return { lines: all.length, rows: all.length - rejected - comments, rejected, comments, excluded: 0 };
}

function identity({ origin, version }: Delivery): string {
  return JSON.stringify([origin, version]);
}

async function passGate(gate: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  let giveUp = () => {};
  const aborted = new Promise<never>((_, reject) => {
    giveUp = () => reject(signal?.reason);
  });
  signal?.addEventListener('abort', giveUp, { once: true });
  await Promise.race([gate, aborted]).finally(() => signal?.removeEventListener('abort', giveUp));
}

function ifAlive({ isOver }: Life): Promise<void> {
  return isOver ? new Promise(() => {}) : Promise.resolve();
}
