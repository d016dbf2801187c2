import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { maxLineBytes } from '../../schema/line-bound.ts';
import { LineCutter } from '../lines/line-cutter.ts';
import type { FileInspection, InspectedFile } from './inspect-file.ts';

/** Properties of an input's lines that need special treatment. */
export interface OddLines {
  /** Whether some are too long: the engine would hold each whole, so it gets a copy with these lines truncated. */
  readonly areLong: boolean;
  /** Whether many are empty: the engine counts those first, at a hundredth of the cost of a line. */
  readonly areBlank: boolean;
}

export const noOddLines: OddLines = { areLong: false, areBlank: false };

const newline = 0x0a;
/** Every too-long line covers at least one whole stretch. */
const stretchBytes = maxLineBytes / 2;
/** Bytes read of each stretch if they contain a newline. */
const probeBytes = 4 * 1024;
const leastBlankShare = 0.1;
/** Logs compress to a fifth to a thirtieth; a file with a higher ratio is read to its end. */
const usualRatio = 64;
/** A smaller gzip cannot inflate to a too-long line. */
const leastGzipBytes = maxLineBytes / 1032;

/** Checks chunks in memory. The too-long lines themselves are found when they are written. */
export function lookAtChunks(chunks: readonly Uint8Array[]): OddLines {
  const blank = new BlankShare();
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += 16 * probeBytes) blank.add(chunk.subarray(at, at + probeBytes));
  }
  return { areLong: false, areBlank: blank.isHigh };
}

/**
 * Checks a file: a few bytes of a plain one, which is enough; all of a gzip that looks unusual. What it does not
 * find makes the engine exceed the memory limit of one INSERT; {@link readThrough} then finds it.
 * @throws NodeJS.ErrnoException
 */
export async function lookAtFile(file: InspectedFile, isUnusual: boolean): Promise<OddLines> {
  if (file.content === 'plain') return lookAtPlain(file.path, file.bytes);
  return isUnusual ? readThrough(file) : noOddLines;
}

/** Whether a gzip holds more than its size suggests, or its beginning has no lines. */
export function isUnusual({ content, bytes, statedBytes = 0, sample }: FileInspection): boolean {
  if (content !== 'gzip' || bytes < leastGzipBytes) return false;
  return statedBytes > bytes * usualRatio || isBlank(sample) || !sample.includes(newline);
}

/** Reads all of a file. Damage is not reported here: the engine finds and reports it. */
export async function readThrough(file: InspectedFile): Promise<OddLines> {
  const cutter = new LineCutter();
  const blank = new BlankShare();
  try {
    for await (const chunk of contentOf(file)) {
      cutter.push(chunk);
      blank.add(chunk.subarray(0, probeBytes));
    }
  } catch {
    // What was read before the damage counts.
  }
  return { areLong: cutter.hasCut, areBlank: blank.isHigh };
}

/** The bytes of a file, inflated. */
export function contentOf({ path, content }: Pick<InspectedFile, 'path' | 'content'>): AsyncIterable<Uint8Array> {
  const bytes = createReadStream(path, { highWaterMark: chunkBytes });
  if (content !== 'gzip') return bytes;
  // An error of either stream reaches the reader.
  return pipeline(bytes, createGunzip({ chunkSize: chunkBytes }), () => {});
}

const chunkBytes = 256 * 1024;

function lookAtPlain(path: string, bytes: number): OddLines {
  const blank = new BlankShare();
  const file = openSync(path, 'r');
  const buffer = Buffer.allocUnsafe(probeBytes);
  const read = (at: number) => buffer.subarray(0, readSync(file, buffer, 0, probeBytes, at));
  try {
    if (bytes < stretchBytes) {
      blank.add(read(0));
      return { areLong: false, areBlank: blank.isHigh };
    }
    for (let start = 0; start + stretchBytes <= bytes; start += stretchBytes) {
      let hasNewline = false;
      for (let at = start + stretchBytes - probeBytes; at >= start && !hasNewline; at -= probeBytes) {
        const probe = read(at);
        hasNewline = probe.includes(newline);
        if (at === start + stretchBytes - probeBytes) blank.add(probe);
      }
      if (!hasNewline) return { areLong: true, areBlank: blank.isHigh };
    }
  } finally {
    closeSync(file);
  }
  return { areLong: false, areBlank: blank.isHigh };
}

/** Counts samples that consist mostly of blank lines. */
class BlankShare {
  #samples = 0;
  #blank = 0;

  add(sample: Uint8Array): void {
    this.#samples++;
    if (isBlank(sample)) this.#blank++;
  }

  get isHigh(): boolean {
    return this.#blank > this.#samples * leastBlankShare;
  }
}

function isBlank(sample: Uint8Array): boolean {
  let newlines = 0;
  const length = Math.min(sample.length, probeBytes);
  for (let at = 0; at < length; at++) if (sample[at] === newline) newlines++;
  // A line of two bytes, as on Windows, is blank too; one of three is not.
  return length > 256 && newlines > length / 2.5;
}
