import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../engine-error.ts';

const sliceBytes = 256 * 1024;

const measureMs = 100;

/**
 * Files for the engine's answers, so that an answer takes no memory however slow its reader is. Each is opened
 * here before the engine writes to it, so that this file is read whatever its path points to by then; the name
 * is removed when the answer is complete, the bytes after it was read.
 */
export class AnswerFiles {
  readonly #directory: string;
  readonly #maxBytes: number;
  #bytes = 0;

  /** @param maxBytes limit for all answers not yet fully read; one answer may take half of it */
  constructor(directory: string, maxBytes: number) {
    this.#directory = directory;
    this.#maxBytes = maxBytes;
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  /**
   * Lets `write` fill a file and yields its content.
   *
   * @param stop called during `write` when the file becomes too large, with the error that `write` must fail with
   * @throws EngineError `TAILRACE_QUERY_LIMIT`, retryable, while other answers use up the space
   */
  async *read(
    write: (path: string) => Promise<unknown>,
    stop: (error: EngineError) => void,
  ): AsyncGenerator<Uint8Array> {
    if (this.#bytes >= this.#maxBytes) throw tooSlowReaders();
    const path = join(this.#directory, randomUUID());
    const file = await createFile(path);
    let counted = 0;
    const measure = async () => {
      const { size } = await file.stat();
      this.#bytes += size - counted;
      counted = size;
      if (size > this.#maxBytes / 2) stop(tooLarge(this.#maxBytes / 2));
      else if (this.#bytes > this.#maxBytes) stop(tooSlowReaders());
      return size;
    };
    try {
      yield* slicesOf(file, await this.#fill(path, write, measure));
    } finally {
      this.#bytes -= counted;
      counted = 0;
      await file.close();
    }
  }

  /** @returns its size in bytes */
  async #fill(
    path: string,
    write: (path: string) => Promise<unknown>,
    measure: () => Promise<number>,
  ): Promise<number> {
    let measuring: Promise<unknown> = Promise.resolve();
    const timer = setInterval(() => {
      measuring = measuring.then(measure);
    }, measureMs);
    try {
      await write(path);
    } finally {
      clearInterval(timer);
      await measuring;
      await rm(path, { force: true });
    }
    return measure();
  }
}

async function createFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx+', 0o600);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    const isFull = code === 'ENOSPC' || code === 'EDQUOT';
    throw new EngineError(
      isFull ? 'TAILRACE_DISK_FULL' : 'TAILRACE_STORE_UNAVAILABLE',
      `cannot write the answer: ${isFull ? 'no space is left; free some and try again' : `${code} in the store's folder "answers"; start the program again`}`,
      { cause, retryable: isFull },
    );
  }
}

async function* slicesOf(file: FileHandle, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size; ) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(Math.min(sliceBytes, size - at)), {
      position: at,
    });
    if (bytesRead === 0) throw new Error(`BUG: the answer ends after ${at} of ${size} bytes`);
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

function tooLarge(maxBytes: number): EngineError {
  return new EngineError(
    'TAILRACE_QUERY_LIMIT',
    `cannot finish the query: its answer is larger than ${Math.floor(maxBytes / 1e6)} MB; ask for fewer rows or columns`,
  );
}

function tooSlowReaders(): EngineError {
  return new EngineError(
    'TAILRACE_QUERY_LIMIT',
    'cannot run the query: answers that are read slowly fill the place for answers; try again in a moment',
    { retryable: true },
  );
}
