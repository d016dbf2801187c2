import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../engine-error.ts';

const sliceBytes = 256 * 1024;

/**
 * Files that the engine writes answers into, so that an answer takes no memory however slow its reader is. Each is read
 * once; its name goes when reading begins, its bytes when reading ends.
 */
export class AnswerFiles {
  readonly #directory: string;
  readonly #maxBytes: number;
  #bytes = 0;

  /** @param maxBytes of answers that are not read to their end yet; more are refused */
  constructor(directory: string, maxBytes: number) {
    this.#directory = directory;
    this.#maxBytes = maxBytes;
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  /**
   * Lets `write` fill a file and yields what is in it.
   *
   * @throws EngineError `TAILRACE_QUERY_LIMIT`, retryable, while other answers fill the place
   */
  async *read(write: (path: string) => Promise<unknown>): AsyncGenerator<Uint8Array> {
    if (this.#bytes >= this.#maxBytes) throw tooSlowReaders();
    const path = join(this.#directory, randomUUID());
    let file: FileHandle;
    try {
      await write(path);
      file = await open(path);
    } finally {
      await rm(path, { force: true });
    }
    const { size } = await file.stat();
    this.#bytes += size;
    try {
      for (let at = 0; at < size; ) {
        const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(Math.min(sliceBytes, size - at)), {
          position: at,
        });
        if (bytesRead === 0) throw new Error(`BUG: the answer ends after ${at} of ${size} bytes`);
        yield buffer.subarray(0, bytesRead);
        at += bytesRead;
      }
    } finally {
      this.#bytes -= size;
      await file.close();
    }
  }
}

function tooSlowReaders(): EngineError {
  return new EngineError(
    'TAILRACE_QUERY_LIMIT',
    'cannot run the query: answers that are read slowly fill the place for answers; try again in a moment',
    { retryable: true },
  );
}
