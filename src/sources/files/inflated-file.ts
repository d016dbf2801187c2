import { pipeline, Readable } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import type { OpenFile } from './open-file.ts';
import type { ReadableBytes } from './readable-bytes.ts';

/** Content of a gzip file by offset. Reading from the last read's start onwards is cheap; going back starts over. */
export class InflatedFile implements ReadableBytes {
  readonly bytes: number;
  readonly #file: OpenFile;
  #inflated: Gunzip | undefined;
  #chunks: AsyncIterator<Buffer> | undefined;
  /** Inflated bytes in memory, and the offset of the first of them. */
  #window: Buffer = Buffer.alloc(0);
  #windowStart = 0;

  /** @param bytes number of inflated bytes */
  constructor(file: OpenFile, bytes: number) {
    this.#file = file;
    this.bytes = bytes;
  }

  get modifiedMs(): number {
    return this.#file.modifiedMs;
  }

  async read(from: number, length: number): Promise<Buffer> {
    if (!this.#chunks || from < this.#windowStart) this.#start();
    const parts: Buffer[] = [this.#window];
    let end = this.#windowStart + this.#window.length;
    while (end < from + length) {
      // A truncated or damaged file has no more than this.
      const next = await this.#chunks?.next().catch(() => undefined);
      if (!next || next.done) break;
      end += next.value.length;
      // Chunks wholly before the offset are dropped at once.
      if (end <= from) parts.length = 0;
      parts.push(next.value);
    }
    const all = Buffer.concat(parts);
    const start = end - all.length;
    this.#window = all.subarray(Math.max(0, Math.min(from - start, all.length)));
    this.#windowStart = end - this.#window.length;
    return this.#window.subarray(0, length);
  }

  async close(): Promise<void> {
    this.stop();
    await this.#file.close();
  }

  #start(): void {
    this.stop();
    const inflated = createGunzip();
    // The reader receives the error; the callback only keeps the pipeline from throwing it again.
    pipeline(Readable.from(slicesOf(this.#file)), inflated, () => {});
    this.#inflated = inflated;
    this.#chunks = inflated[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    this.#window = Buffer.alloc(0);
    this.#windowStart = 0;
  }

  /** Releases everything but the file. */
  stop(): void {
    this.#inflated?.destroy();
  }
}

/** Not a stream of the handle, which would close the handle or block closing it. */
async function* slicesOf(file: OpenFile): AsyncGenerator<Buffer> {
  for (let from = 0; ; from += sliceBytes) {
    const slice = await file.read(from, sliceBytes);
    if (slice.length > 0) yield slice;
    if (slice.length < sliceBytes) return;
  }
}

const sliceBytes = 64 * 1024;
