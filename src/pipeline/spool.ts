import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { InspectedFile } from '../sources/files/inspect-file.ts';

/**
 * A directory for bytes on their way from the network into the engine, which reads files. Nothing in it outlives the
 * process: what is not stored is taken from its source again.
 */
export class Spool {
  readonly #directory: string;
  #written = 0;

  /** @param directory of this process alone; what lies in it is removed */
  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true, force: true });
  }

  /** Writes chunks as one file. @throws NodeJS.ErrnoException e.g. `ENOSPC` */
  async write(chunks: readonly Uint8Array[]): Promise<Omit<InspectedFile, 'sample' | 'version'>> {
    const path = join(this.#directory, `${++this.#written}.log`);
    const file = await open(path, 'wx', 0o600);
    try {
      // An empty list of buffers is an error to the operating system.
      if (chunks.length > 0) await writeAll(file, chunks);
      const { size, mtimeMs } = await file.stat();
      return { path, bytes: size, modifiedMs: mtimeMs, content: 'plain', complete: true, statedBytes: size };
    } catch (cause) {
      await rm(path, { force: true });
      throw cause;
    } finally {
      await file.close();
    }
  }

  async remove(path: string): Promise<void> {
    await rm(path, { force: true });
  }

  /** Removes everything and the directory itself. */
  async close(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/** More buffers than this in one call are refused by the operating system. */
const maxBuffers = 1000;

async function writeAll(file: Awaited<ReturnType<typeof open>>, chunks: readonly Uint8Array[]): Promise<void> {
  for (let start = 0; start < chunks.length; start += maxBuffers) {
    const part = chunks.slice(start, start + maxBuffers);
    const bytes = part.reduce((sum, { length }) => sum + length, 0);
    const { bytesWritten } = await file.writev(part);
    if (bytesWritten !== bytes) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  }
}
