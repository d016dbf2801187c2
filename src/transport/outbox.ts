import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { SpillFolder } from './spill-folder.ts';

/** Lines that are sent together, with an idempotency key: however often the batch is sent, it is stored once. */
interface Batch {
  readonly key: string;
  /** Compressed. */
  readonly bytes: number;
  /** Absent when it is in the spill folder. */
  body?: Buffer;
}

export interface OutboxOptions {
  /** Compressed bytes that are kept in memory. */
  readonly maxBufferBytes: number;
  /** Bytes that are kept in the folder; beyond that the oldest batches are dropped. */
  readonly maxSpillBytes: number;
  /** Absent: batches that do not fit in memory are dropped. */
  readonly folder?: SpillFolder;
  readonly warn: (text: string) => void;
}

/** Batches in flight, oldest first: in memory while there is room, else in a folder. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #batches: Batch[];

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#batches = options.folder?.list() ?? [];
  }

  get isEmpty(): boolean {
    return this.#batches.length === 0;
  }

  add(lines: string): void {
    const body = gzipSync(lines, { level: 3 });
    const batch: Batch = { key: newKey(), bytes: body.length, body };
    this.#batches.push(batch);
    const inMemory = this.#batches.reduce((sum, { body, bytes }) => sum + (body ? bytes : 0), 0);
    if (inMemory > this.#options.maxBufferBytes) this.#spill(batch);
  }

  /** The oldest batch, which stays until it is {@link remove removed}. */
  first(): { readonly key: string; readonly body: Buffer } | undefined {
    for (let [batch] = this.#batches; batch; [batch] = this.#batches) {
      const body = batch.body ?? this.#options.folder?.read(batch.key);
      if (body) return { key: batch.key, body };
      this.#batches.shift();
    }
    return undefined;
  }

  remove(key: string): void {
    const place = this.#batches.findIndex((batch) => batch.key === key);
    const [batch] = place === -1 ? [] : this.#batches.splice(place, 1);
    if (batch && !batch.body) this.#options.folder?.remove(key);
  }

  /** Writes the batches in memory to the folder, for the next process. */
  close(): void {
    for (const batch of [...this.#batches]) if (batch.body) this.#spill(batch);
  }

  #spill(batch: Batch): void {
    const { folder, maxSpillBytes } = this.#options;
    try {
      if (!folder) throw new Error('there is no room left, and no spillDirectory');
      folder.write(batch.key, batch.body as Buffer);
      delete batch.body;
    } catch (cause) {
      this.#giveUp(batch, (cause as Error).message);
      return;
    }
    const spilled = this.#batches.filter(({ body }) => !body);
    for (let excess = sum(spilled) - maxSpillBytes; excess > 0; ) {
      const oldest = spilled.shift() as Batch;
      excess -= oldest.bytes;
      folder.remove(oldest.key);
      this.#giveUp(oldest, `more than ${maxSpillBytes} bytes wait`);
    }
  }

  #giveUp(batch: Batch, reason: string): void {
    this.#batches.splice(this.#batches.indexOf(batch), 1);
    this.#options.warn(`${reason}; a batch of them is lost`);
  }
}

function sum(batches: readonly Batch[]): number {
  return batches.reduce((total, { bytes }) => total + bytes, 0);
}

/** Sorts by time, also across processes. */
function newKey(): string {
  return `${Date.now().toString().padStart(14, '0')}-${(count++).toString().padStart(9, '0')}-${randomUUID()}`;
}

let count = 0;
