import { type FileHandle, open } from 'node:fs/promises';
import type { FoundFile } from './find-files.ts';
import type { ReadableBytes } from './readable-bytes.ts';

/** A file that stays readable whatever happens to its name: renamed, deleted, or replaced. */
export class OpenFile implements ReadableBytes {
  /** Device and inode. */
  readonly key: string;
  readonly inode: string;
  readonly handle: FileHandle;
  bytes = 0;
  modifiedMs = 0;
  /** When its size was last asked for here, by `performance.now()`. */
  #refreshedMs = 0;

  private constructor(handle: FileHandle, device: bigint, inode: bigint) {
    this.handle = handle;
    this.key = `${device}:${inode}`;
    this.inode = `${inode}`;
  }

  /** @throws NodeJS.ErrnoException */
  static async open(path: string): Promise<OpenFile> {
    const handle = await open(path, 'r');
    try {
      const { dev, ino } = await handle.stat({ bigint: true });
      const file = new OpenFile(handle, dev, ino);
      await file.refresh();
      return file;
    } catch (cause) {
      await handle.close();
      throw cause;
    }
  }

  /** Updates its size. */
  async refresh(): Promise<void> {
    const { size, mtimeMs } = await this.handle.stat();
    this.bytes = size;
    this.modifiedMs = Math.floor(mtimeMs);
    this.#refreshedMs = performance.now();
  }

  /**
   * Takes the size from a scan, unless it was asked for since the scan began: an older size would make what was read
   * meanwhile look truncated.
   * @param scanMs when the scan began, by `performance.now()`
   */
  measured({ bytes, modifiedMs }: Pick<FoundFile, 'bytes' | 'modifiedMs'>, scanMs: number): void {
    if (scanMs <= this.#refreshedMs) return;
    this.bytes = bytes;
    this.modifiedMs = modifiedMs;
  }

  async read(from: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await this.handle.read(buffer, filled, length - filled, from + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}
