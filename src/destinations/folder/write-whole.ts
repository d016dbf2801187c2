import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** A durable file under its temporary name. */
export interface WrittenFile {
  readonly rows: number;
  /** Size of the file. */
  readonly bytes: number;
  /** Gives it its name; what has that name is replaced. */
  publish(): Promise<void>;
}

export interface FileToWrite {
  readonly partial: string;
  readonly path: string;
  readonly gzip: boolean;
  readonly signal: AbortSignal;
}

/** Writes lines to a temporary file; a failure leaves nothing behind. */
export async function writeWhole(
  lines: AsyncIterable<Uint8Array>,
  { partial, path, gzip, signal }: FileToWrite,
): Promise<WrittenFile> {
  let rows = 0;
  const counted = async function* () {
    for await (const chunk of lines) {
      rows += countNewlines(chunk);
      yield chunk;
    }
  };
  try {
    const file = createWriteStream(partial, { flush: true });
    await (gzip ? pipeline(counted, createGzip(), file, { signal }) : pipeline(counted, file, { signal }));
    return { rows, bytes: file.bytesWritten, publish: () => rename(partial, path) };
  } catch (cause) {
    await rm(partial, { force: true });
    throw cause;
  }
}

function countNewlines(chunk: Uint8Array): number {
  let count = 0;
  for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) count++;
  return count;
}
