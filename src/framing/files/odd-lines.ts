import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { maxLineBytes } from '../../schema/line-bound.ts';
import { LineCutter } from '../lines/line-cutter.ts';
import type { FileInspection, InspectedFile } from './inspect-file.ts';

/** What the lines of an input are like, as far as they need another treatment. */
export interface OddLines {
  /** Whether some are too long: the engine would hold each as a whole, so it gets a copy in which they are cut. */
  readonly areLong: boolean;
  /** Whether many are empty: the engine counts those beforehand, for a hundredth of what a line costs. */
  readonly areBlank: boolean;
}

export const noOddLines: OddLines = { areLong: false, areBlank: false };

const newline = 0x0a;
/** Every line that is too long covers one of these from its beginning to its end. */
const stretchBytes = maxLineBytes / 2;
/** Of each stretch so much is looked at, where that has a newline. */
const probeBytes = 4 * 1024;
const leastBlankShare = 0.1;
/** Logs are compressed to a fifth or a thirtieth; what gives more is read to its end to see what it is. */
const usualRatio = 64;
/** No gzip that is smaller inflates to a line that is too long. */
const leastGzipBytes = maxLineBytes / 1032;

/** Looks at chunks in memory. Which of them are too long is found where they are written. */
export function lookAtChunks(chunks: readonly Uint8Array[]): OddLines {
  const blank = new BlankShare();
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += 16 * probeBytes) blank.add(chunk.subarray(at, at + probeBytes));
  }
  return { areLong: false, areBlank: blank.isHigh };
}

/**
 * Looks at a file: at a few bytes of a plain one, which is enough; through a gzip that looks unusual. What it does not
 * find, the engine finds by running out of the memory that one INSERT may take; {@link readThrough} tells then.
 * @throws NodeJS.ErrnoException
 */
export async function lookAtFile(file: InspectedFile, isUnusual: boolean): Promise<OddLines> {
  if (file.content === 'plain') return lookAtPlain(file.path, file.bytes);
  return isUnusual ? readThrough(file) : noOddLines;
}

/** Whether a gzip holds more than its size tells, or its beginning has no lines. */
export function isUnusual({ content, bytes, statedBytes = 0, sample }: FileInspection): boolean {
  if (content !== 'gzip' || bytes < leastGzipBytes) return false;
  return statedBytes > bytes * usualRatio || isBlank(sample) || !sample.includes(newline);
}

/** Reads all of a file. Damage is not told of: the engine finds it as well, and names it. */
export async function readThrough(file: InspectedFile): Promise<OddLines> {
  const cutter = new LineCutter();
  const blank = new BlankShare();
  try {
    for await (const chunk of contentOf(file)) {
      cutter.push(chunk);
      blank.add(chunk.subarray(0, probeBytes));
    }
  } catch {
    // What came before it counts.
  }
  return { areLong: cutter.hasCut, areBlank: blank.isHigh };
}

/** The bytes of a file, inflated. */
export function contentOf({ path, content }: Pick<InspectedFile, 'path' | 'content'>): AsyncIterable<Uint8Array> {
  const bytes = createReadStream(path, { highWaterMark: chunkBytes });
  if (content !== 'gzip') return bytes;
  // An error of either stream comes to the reader.
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

/** How many of the samples are for the most part blank lines. */
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
  // A line of two bytes each, as on Windows, is blank as well; one of three has something in it.
  return length > 256 && newlines > length / 2.5;
}
