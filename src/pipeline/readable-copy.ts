import { createReadStream } from 'node:fs';
import { EventJoiner } from '../framing/events/event-joiner.ts';
import type { InspectedFile } from '../framing/files/inspect-file.ts';
import { contentOf } from '../framing/files/odd-lines.ts';
import { LineCutter } from '../framing/lines/line-cutter.ts';
import { UnpackedTooLargeError, unpackLines } from '../framing/lines/unpack-lines.ts';
import { joinOptions } from '../layouts/join-options.ts';
import { BoundedLines } from './bounded-lines.ts';
import type { FileInput } from './file-input.ts';
import type { SpoolFiles } from './spool.ts';

/** The file is damaged and cannot be read further. */
export class DamagedFileError extends Error {}

/**
 * Adds a copy to an input where the engine cannot read the file itself: gzip within gzip, UTF-16, lines that end in
 * carriage returns, are too long, or form events only together. Other inputs are returned unchanged.
 * @throws DamagedFileError; NodeJS.ErrnoException e.g. `ENOSPC`
 */
export async function withReadableCopy(input: FileInput, files: SpoolFiles): Promise<FileInput> {
  const { file, odd } = input;
  if (input.copy || input.isEnveloped) return input;
  try {
    if (!(file.unpacking || odd?.areLong || (await hasJoins(input)))) return input;
    return { ...input, copy: await files.writeStream(joinedLines(input)) };
  } catch (cause) {
    if (cause instanceof UnpackedTooLargeError) {
      throw new DamagedFileError(`${cause.message} once it is unpacked; unpack it first`, { cause });
    }
    if (!/^Z_/.test(String((cause as NodeJS.ErrnoException).code))) throw cause;
    throw new DamagedFileError('its gzip data is damaged or ends too early; replace it by a complete copy', { cause });
  }
}

/** Whether lines must be joined; most files need no joining and are read in place. */
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

async function* joinedLines(input: FileInput): AsyncGenerator<Uint8Array> {
  const bounded = new BoundedLines(input.layout);
  const joiner = joinerOf(input);
  const join = (piece: Uint8Array) => (joiner ? joiner.push(piece) : piece);
  for await (const chunk of linesOf(input.file)) yield* bounded.push(chunk).map(join);
  yield* bounded.end().map(join);
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

/** Limit for nested gzip and other charsets, which are written to disk: a small file must not fill it. */
const leastBoundBytes = 256 * 1024 ** 2;
const usualRatio = 100;
