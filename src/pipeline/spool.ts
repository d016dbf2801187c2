import { createWriteStream, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { InspectedFile } from '../framing/files/inspect-file.ts';

/**
 * A directory for bytes on their way from the network into the engine, which reads files. Nothing in it outlives the
 * process: what is not stored is read from its source again.
 */
export class Spool {
  readonly #directory: string;
  #written = 0;

  /** @param directory used by this process alone; its content is removed */
  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true, force: true });
  }

  /** Starts a set of files that are removed together. */
  begin(): SpoolFiles {
    return new SpoolFiles(() => join(this.#directory, `${++this.#written}.log`));
  }

  /** Removes everything and the directory itself. */
  async close(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/** Spool files that belong together: all are removed, however often they were rewritten. */
export class SpoolFiles {
  readonly #nextPath: () => string;
  readonly #paths: string[] = [];

  constructor(nextPath: () => string) {
    this.#nextPath = nextPath;
  }

  /** Writes chunks as one file. @throws NodeJS.ErrnoException e.g. `ENOSPC` */
  async write(chunks: readonly Uint8Array[]): Promise<Omit<InspectedFile, 'version'>> {
    const path = this.#nextPath();
    this.#paths.push(path);
    const file = await openNew(path);
    try {
      // The operating system rejects an empty list of buffers.
      if (chunks.length > 0) await writeAll(file, chunks);
      const { size, mtimeMs } = await file.stat();
      return { path, bytes: size, modifiedMs: mtimeMs, content: 'plain', complete: true, statedBytes: size };
    } finally {
      await file.close();
    }
  }

  /** Writes a stream as one file. @throws NodeJS.ErrnoException e.g. `ENOSPC`, and what the stream throws */
  async writeStream(pieces: AsyncIterable<Uint8Array>): Promise<Omit<InspectedFile, 'version'>> {
    const begun = await this.write([]);
    await pipeline(pieces, createWriteStream(begun.path, { flags: 'a' }));
    const { size, mtimeMs } = await stat(begun.path);
    return { ...begun, bytes: size, modifiedMs: mtimeMs, statedBytes: size };
  }

  async remove(): Promise<void> {
    for (const path of this.#paths.splice(0)) await rm(path, { force: true });
  }
}

/** A cleanup of temporary files may have removed the directory. */
async function openNew(path: string) {
  try {
    return await open(path, 'wx', 0o600);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
    return open(path, 'wx', 0o600);
  }
}

/** The operating system refuses more buffers in one call. */
const maxBuffers = 1000;

async function writeAll(file: Awaited<ReturnType<typeof open>>, chunks: readonly Uint8Array[]): Promise<void> {
  for (let start = 0; start < chunks.length; start += maxBuffers) {
    const part = chunks.slice(start, start + maxBuffers);
    const bytes = part.reduce((sum, { length }) => sum + length, 0);
    const { bytesWritten } = await file.writev(part);
    if (bytesWritten !== bytes) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  }
}
