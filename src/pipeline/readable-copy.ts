import { createReadStream } from 'node:fs';
import { EventJoiner } from '../framing/events/event-joiner.ts';
import type { InspectedFile } from '../framing/files/inspect-file.ts';
import { contentOf } from '../framing/files/odd-lines.ts';
import { LineCutter } from '../framing/lines/line-cutter.ts';
import { UnpackedTooLargeError, unpackLines } from '../framing/lines/unpack-lines.ts';
import { type BatchLayout, isColumnLayout, isRefused } from '../layouts/batch-layout.ts';
import { joinOptions } from '../layouts/join-options.ts';
import { listKey } from '../layouts/layout.ts';
import { makesOtherLines } from '../layouts/opening/opening-step.ts';
import type { FileInput } from './file-input.ts';
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
 * carriage returns, are too long, or are events only together. Any other input is left alone.
 * @throws DamagedFileError; NodeJS.ErrnoException e.g. `ENOSPC`
 */
export async function withReadableCopy(input: FileInput, files: SpoolFiles): Promise<FileInput> {
  const { file, layout, odd } = input;
  if (input.copy || input.isEnveloped) return input;
  const isCut = hasBoundedLines(layout);
  try {
    if (!(file.unpacking || (odd?.areLong && isCut) || (await hasJoins(input)))) return input;
    return { ...input, copy: await files.writeStream(joinedLines(input, isCut)) };
  } catch (cause) {
    if (cause instanceof UnpackedTooLargeError) {
      throw new DamagedFileError(`${cause.message} once it is unpacked; unpack it first`, { cause });
    }
    if (!/^Z_/.test(String((cause as NodeJS.ErrnoException).code))) throw cause;
    throw new DamagedFileError('its gzip data is damaged or ends too early; replace it by a complete copy', { cause });
  }
}

/** Whether lines are to be joined: most files have none, and are read where they lie. */
async function hasJoins(input: FileInput): Promise<boolean> {
  const joiner = joinerOf(input);
  if (!joiner) return false;
  const cutter = new LineCutter();
  for await (const chunk of linesOf(input.file)) {
    for (const piece of cutter.push(chunk)) joiner.push(piece);
    if (joiner.joined > 0) return true;
  }
  joiner.end();
  return joiner.joined > 0;
}

async function* joinedLines(input: FileInput, isCut: boolean): AsyncGenerator<Uint8Array> {
  const cutter = new LineCutter();
  const joiner = joinerOf(input);
  for await (const chunk of linesOf(input.file)) {
    for (const piece of isCut ? cutter.push(chunk) : [chunk]) yield joiner ? joiner.push(piece) : piece;
  }
  if (joiner) yield joiner.end();
}

function joinerOf({ layout, fromLine }: FileInput): EventJoiner | undefined {
  const options = joinOptions(layout);
  return options && new EventJoiner({ ...options, beginsAt: fromLine, isRest: false });
}

function linesOf(file: InspectedFile): AsyncIterable<Uint8Array> {
  if (!file.unpacking) return contentOf(file);
  return unpackLines(createReadStream(file.path), file.unpacking, Math.max(leastBoundBytes, file.bytes * usualRatio));
}

/** What is gzip several times, or in another charset, is written to disk; whoever sends it must not fill that with little. */
const leastBoundBytes = 256 * 1024 ** 2;
const usualRatio = 100;
