import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type ContentKind, contentKind } from '../lines/content-kind.ts';
import { decodeText, inflatedBytes, isReadable, readHead, type Unpacking } from '../lines/unpacking.ts';
import { type CountedLines, countLines, inflateWhole } from './whole-content.ts';

/** What is known about a file before it is parsed. */
export interface InspectedFile {
  readonly path: string;
  /** Size on disk, bytes. */
  readonly bytes: number;
  readonly modifiedMs: number;
  /** Identity of the content: its size, its first and its last 64 KiB. */
  readonly version: string;
  readonly content: ContentKind;
  /** How its bytes become lines; absent if the engine reads them as they are, or as gzip. */
  readonly unpacking?: Unpacking;
  /** Whether the sample is the whole content. */
  readonly complete: boolean;
  /** For `unsupported`: what it is and what to do. */
  readonly problem?: string;
  /**
   * The content size that the file itself states, bytes: exact for plain files; for gzip modulo 2^32 and of
   * the last member only. An independent check on what the engine read.
   */
  readonly statedBytes: number | undefined;
  /** Of a file of lines up to 64 KiB that is complete and undamaged. */
  readonly lines?: CountedLines;
}

/** The same with its beginning. */
export interface FileInspection extends InspectedFile {
  /** The first bytes inflated once, if they are gzip, and otherwise as they are; at most {@link sampleBytes}. */
  readonly head: Buffer;
  /** The first lines, in UTF-8, at most {@link sampleBytes}. */
  readonly sample: Buffer;
}

const edgeBytes = 64 * 1024;
const sampleBytes = 64 * 1024;
/** Of a file that is inflated as a whole: as much as the first bytes of a larger one give. */
const knownBytes = 16 * 1024;

/**
 * Reads at most the first and last 64 KiB of a file. Synchronous on purpose: it inspects twenty thousand small files
 * per second; promises would take several seconds.
 * @throws NodeJS.ErrnoException when the file cannot be read.
 */
export function inspectFile(path: string): FileInspection {
  const file = openSync(path, 'r');
  try {
    const { size, mtimeMs } = fstatSync(file);
    const first = read(file, 0, Math.min(size, edgeBytes));
    const tail = size <= edgeBytes ? first : read(file, Math.max(0, size - edgeBytes), edgeBytes);
    const stated = size >= 18 ? tail.readUInt32LE(tail.length - 4) : undefined;
    const isWhole = first.length === size && size <= edgeBytes;
    const inflated = isWhole && contentKind(first).kind === 'gzip' ? inflateWhole(first, stated ?? 0) : undefined;
    const { kind, problem, head, sample, unpacking } = readHead(first, inflated?.subarray(0, knownBytes));
    const content = kind === 'gzip' ? inflated : isWhole && kind === 'plain' ? first : undefined;
    return {
      path,
      bytes: size,
      modifiedMs: mtimeMs,
      version: fingerprint(size, first, tail),
      content: kind,
      head: head.subarray(0, sampleBytes),
      sample: sample.subarray(0, sampleBytes),
      complete: size <= inflatedBytes && unpacking.inflations <= 1 && sample.length <= sampleBytes,
      ...(isReadable(unpacking) ? {} : { unpacking }),
      ...(problem ? { problem } : {}),
      statedBytes: kind === 'gzip' ? stated : size,
      ...(content ? { lines: countLines(content) } : {}),
    };
  } finally {
    closeSync(file);
  }
}

/** The version of the first `size` bytes as a file of their own: tells whether a file only grew. */
export function versionOfPrefix(path: string, size: number): string {
  const file = openSync(path, 'r');
  try {
    const head = read(file, 0, Math.min(size, edgeBytes));
    const tail = size <= edgeBytes ? head : read(file, size - edgeBytes, edgeBytes);
    return fingerprint(size, head, tail);
  } finally {
    closeSync(file);
  }
}

/** The same for bytes from another reader, e.g. of a file that lost its name. */
export async function versionOfBytes(
  read: (from: number, length: number) => Promise<Buffer>,
  size: number,
): Promise<string> {
  const head = await read(0, Math.min(size, edgeBytes));
  return fingerprint(size, head, size <= edgeBytes ? head : await read(size - edgeBytes, edgeBytes));
}

/** The state of a file when it had only its first `size` bytes. */
export interface FilePrefix {
  /** Kept, so that later bytes with other line ends do not renumber the stored lines. */
  readonly unpacking: Unpacking;
  /** Whether it ended in the middle of a line. */
  readonly endsMidLine: boolean;
}

export function readPrefix(path: string, size: number): FilePrefix {
  const file = openSync(path, 'r');
  try {
    const { unpacking } = readHead(read(file, 0, Math.min(size, edgeBytes)));
    const unitBytes = unpacking.charset === 'utf-8' ? 1 : 2;
    const isWhole = size % unitBytes === 0;
    const around = decodeText(read(file, Math.max(0, size - unitBytes), 2 * unitBytes), unpacking.charset);
    const isAtEnd = around.includes('\n') || (unpacking.hasReturns && around[0] === carriageReturn);
    return { unpacking, endsMidLine: size > 0 && !(isWhole && isAtEnd) };
  } finally {
    closeSync(file);
  }
}

const carriageReturn = 0x0d;

function fingerprint(size: number, head: Buffer, tail: Buffer): string {
  const hash = createHash('sha256').update(`${size}\n`).update(head);
  return (head === tail ? hash : hash.update(tail)).digest('hex').slice(0, 32);
}

function read(file: number, position: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(file, buffer, filled, length - filled, position + filled);
    if (count === 0) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}
