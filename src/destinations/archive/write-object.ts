import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { WrittenObject } from './archive-place.ts';
import type { WrittenFormat } from './object-format.ts';

/** Writes rows to a durable file; a failure leaves nothing behind. */
export async function writeObject(
  path: string,
  pieces: AsyncIterable<Uint8Array>,
  { gzip, countRows }: WrittenFormat,
  signal: AbortSignal,
): Promise<WrittenObject> {
  let lines = 0;
  const counted = async function* () {
    for await (const chunk of pieces) {
      lines += countNewlines(chunk);
      yield chunk;
    }
  };
  try {
    const file = createWriteStream(path, { flush: true });
    await (gzip ? pipeline(counted, createGzip(), file, { signal }) : pipeline(counted, file, { signal }));
    return { rows: (await countRows?.(path)) ?? lines, bytes: file.bytesWritten };
  } catch (cause) {
    await rm(path, { force: true });
    throw cause;
  }
}

function countNewlines(chunk: Uint8Array): number {
  let count = 0;
  for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) count++;
  return count;
}
