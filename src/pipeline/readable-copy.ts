import { createReadStream } from 'node:fs';
import { UnpackedTooLargeError, unpackLines } from '../content/unpack-lines.ts';
import { listKey } from '../layouts/layout.ts';
import { makesOtherLines } from '../layouts/opening/opening-step.ts';
import type { InspectedFile } from '../sources/files/inspect-file.ts';
import { LineCutter } from '../sources/line-cutter.ts';
import { type BatchLayout, isColumnLayout, isRefused } from './batch-layout.ts';
import type { FileInput } from './file-input.ts';
import { contentOf } from './odd-lines.ts';
import type { SpoolFiles } from './spool.ts';

/** The file is damaged: nothing more of it can be read. */
export class DamagedFileError extends Error {}

/** Whether a line is what is stored: not a document of many, nor a row of Parquet. */
export function hasBoundedLines(layout: BatchLayout): boolean {
  if (!isRefused(layout) && makesOtherLines(layout.opening)) return false;
  if (!isColumnLayout(layout)) return true;
  return layout.framing.kind !== 'parquet' && listKey(layout.framing) === undefined;
}

/**
 * Gives an input a copy where the engine cannot read the file itself: of gzip within gzip, of UTF-16, of lines that end in
 * carriage returns or are too long. Any other input is left alone.
 * @throws DamagedFileError; NodeJS.ErrnoException e.g. `ENOSPC`
 */
export async function withReadableCopy(input: FileInput, files: SpoolFiles): Promise<FileInput> {
  const { file, layout, odd } = input;
  const isCut = hasBoundedLines(layout) && !input.isEnveloped;
  if (input.copy || !(file.unpacking || (odd?.areLong && isCut))) return input;
  const cutter = new LineCutter();
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for await (const chunk of linesOf(file)) {
      if (isCut) yield* cutter.push(chunk);
      else yield chunk;
    }
  }
  try {
    return { ...input, copy: await files.writeStream(pieces()) };
  } catch (cause) {
    if (cause instanceof UnpackedTooLargeError) {
      throw new DamagedFileError(`${cause.message} once it is unpacked; unpack it first`, { cause });
    }
    if (!/^Z_/.test(String((cause as NodeJS.ErrnoException).code))) throw cause;
    throw new DamagedFileError('its gzip data is damaged or ends too early; replace it by a complete copy', { cause });
  }
}

function linesOf(file: InspectedFile): AsyncIterable<Uint8Array> {
  if (!file.unpacking) return contentOf(file);
  return unpackLines(createReadStream(file.path), file.unpacking, Math.max(leastBoundBytes, file.bytes * usualRatio));
}

/** What is gzip several times, or in another charset, is written to disk; whoever sends it must not fill that with little. */
const leastBoundBytes = 256 * 1024 ** 2;
const usualRatio = 100;
