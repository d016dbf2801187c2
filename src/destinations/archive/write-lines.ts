import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { WrittenLines } from './archive-place.ts';

/** Writes lines to a durable file; a failure leaves nothing behind. */
export async function writeLines(
  path: string,
  lines: AsyncIterable<Uint8Array>,
  { gzip, signal }: { readonly gzip: boolean; readonly signal: AbortSignal },
): Promise<WrittenLines> {
  let rows = 0;
  const counted = async function* () {
    for await (const chunk of lines) {
      rows += countNewlines(chunk);
      yield chunk;
    }
  };
  try {
    const file = createWriteStream(path, { flush: true });
    await (gzip ? pipeline(counted, createGzip(), file, { signal }) : pipeline(counted, file, { signal }));
    return { rows, bytes: file.bytesWritten };
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
