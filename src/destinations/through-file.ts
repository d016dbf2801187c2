import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { explainFolderFault } from './folder-fault.ts';

const sliceBytes = 256 * 1024;

/**
 * Yields what a source has once all of it is in a file of the folder, which has no name any more. So the source may end, however
 * slowly it is read.
 * @throws Error with a remedy when the file cannot be written; what the source throws
 */
export async function* throughFile(source: AsyncIterable<Uint8Array>, folder: string): AsyncGenerator<Uint8Array> {
  const file = await explained(folder, () => createFile(folder));
  try {
    for await (const piece of source) await explained(folder, () => file.writeFile(piece));
    yield* file.createReadStream({ start: 0, autoClose: false, highWaterMark: sliceBytes });
  } finally {
    await file.close();
  }
}

async function createFile(folder: string): Promise<FileHandle> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, randomUUID());
  const file = await open(path, 'wx+', 0o600);
  await rm(path);
  return file;
}

async function explained<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw explainFolderFault(folder, cause);
  }
}
