import { constants, createWriteStream } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { syncFolder } from '../sync-folder.ts';

/** Bytes of a batch as its source handed them over. */
export type KeptContent =
  | { readonly kind: 'lines'; readonly chunks: readonly Uint8Array[] }
  /** `isPlain`: it is compressed here. */
  | { readonly kind: 'file'; readonly path: string; readonly name: string; readonly isPlain: boolean };

/** So many bytes wait that no more are kept. */
export class MostKeptError extends Error {
  readonly bytes: number;

  constructor(bytes: number) {
    super(`${bytes} bytes are kept already`);
    this.bytes = bytes;
  }
}

/** Longest part of a name that comes from a source. */
const mostNameChars = 100;

/**
 * Bytes as they came, of batches that one archive has not acknowledged, in a folder for each batch. They outlive the process:
 * a source is acknowledged when they are durable here.
 */
export class KeptBytes {
  readonly #directory: string;
  readonly #mostBytes: number;
  /** At least what is there: what was found, and what was kept since, of which some may be delivered by now. */
  #bytes = Number.POSITIVE_INFINITY;

  /**
   * @param directory of one archive alone; on the disk of the store
   * @param mostBytes no batch is kept while there are so many
   */
  constructor(directory: string, mostBytes = Number.POSITIVE_INFINITY) {
    this.#directory = directory;
    this.#mostBytes = mostBytes;
  }

  /**
   * Keeps all contents of a batch or nothing. Durable when it resolves.
   * @throws MostKeptError; NodeJS.ErrnoException e.g. `ENOSPC`
   */
  async keep(batch: string, contents: readonly KeptContent[]): Promise<void> {
    if (this.#bytes >= this.#mostBytes) this.#bytes = await sizeOfFolder(this.#directory);
    if (this.#bytes >= this.#mostBytes) throw new MostKeptError(this.#mostBytes);
    const partial = join(this.#directory, `${batch}.partial`);
    try {
      await mkdir(partial, { recursive: true, mode: 0o700 });
      const chunks = contents.flatMap((content) => (content.kind === 'lines' ? content.chunks : []));
      if (chunks.length > 0) await writeGzip(Readable.from(chunks), join(partial, '.lines.gz'));
      for (const [index, content] of contents.entries()) {
        if (content.kind === 'file') await keepFile(content, join(partial, nameOf(content, index + 1)));
      }
      await syncFolder(partial);
      this.#bytes += await sizeOfFolder(partial);
      await rename(partial, join(this.#directory, batch));
      await syncFolder(this.#directory);
    } catch (cause) {
      await rm(partial, { recursive: true, force: true });
      throw cause;
    }
  }

  /** @returns what follows the batch in the names of its objects, with the path of each; undefined if nothing was kept of it */
  async read(batch: string): Promise<readonly { readonly name: string; readonly path: string }[] | undefined> {
    const folder = join(this.#directory, batch);
    try {
      return (await readdir(folder)).sort().map((name) => ({ name, path: join(folder, name) }));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
      return undefined;
    }
  }

  /** Removes what was kept of these batches. */
  async forget(isDone: (batch: string) => boolean): Promise<void> {
    for (const name of await readdir(this.#directory).catch(noneIfMissing)) {
      if (isDone(basename(name, '.partial'))) await rm(join(this.#directory, name), { recursive: true, force: true });
    }
  }
}

/** Of its files, also in folders within. */
async function sizeOfFolder(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(noneIfMissing)) {
    // It may be delivered meanwhile.
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size;
  }
  return bytes;
}

function noneIfMissing(cause: NodeJS.ErrnoException): [] {
  if (cause.code !== 'ENOENT') throw cause;
  return [];
}

async function keepFile({ path, isPlain }: KeptContent & { kind: 'file' }, to: string): Promise<void> {
  let from: Awaited<ReturnType<typeof open>>;
  try {
    from = await open(path);
  } catch (cause) {
    // Then it cannot be stored either.
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw cause;
  }
  try {
    if (isPlain) return await writeGzip(from.createReadStream({ autoClose: false }), to);
    await copyFile(path, to, constants.COPYFILE_FICLONE);
    await syncFile(to);
  } finally {
    await from.close();
  }
}

async function writeGzip(bytes: Readable, to: string): Promise<void> {
  await pipeline(bytes, createGzip(), createWriteStream(to, { flush: true, mode: 0o600 }));
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function nameOf({ name: written, isPlain }: KeptContent & { kind: 'file' }, number: number): string {
  const name = basename(written)
    .replace(/[^0-9A-Za-z._-]/g, '_')
    .slice(-mostNameChars);
  return `-${number}-${name}${isPlain ? '.gz' : ''}`;
}
