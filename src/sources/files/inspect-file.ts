import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { constants, inflateRawSync } from 'node:zlib';

/** What is known of a file before anything of it is parsed. */
export interface InspectedFile {
  readonly path: string;
  /** Size on disk, bytes. */
  readonly bytes: number;
  readonly modifiedMs: number;
  /** Identity of the content: its size, its first and its last 64 KiB. */
  readonly version: string;
  readonly content: 'plain' | 'gzip' | 'parquet' | 'unsupported';
  /** The first bytes, decompressed, at most {@link sampleBytes}. */
  readonly sample: Buffer;
  /** Whether the sample is the whole content. */
  readonly complete: boolean;
  /** For `unsupported`: what it is and what to do. */
  readonly problem?: string;
  /**
   * The size of the content that the file itself states, bytes: for plain files exactly, for gzip modulo 2^32 and of
   * the last member only. It is the check on what the engine read that does not come from the engine.
   */
  readonly statedBytes: number | undefined;
}

const edgeBytes = 64 * 1024;
const sampleBytes = 64 * 1024;
/** Compressed bytes that are inflated for the sample: enough for a header and some lines, and cheap for small files. */
const inflatedBytes = 4 * 1024;

/**
 * Reads at most the first and last 64 KiB of a file. Synchronous on purpose: twenty thousand small files are inspected
 * in a second, where promises would take several.
 * @throws NodeJS.ErrnoException when the file cannot be read.
 */
export function inspectFile(path: string): InspectedFile {
  const file = openSync(path, 'r');
  try {
    const { size, mtimeMs } = fstatSync(file);
    const head = read(file, 0, Math.min(size, edgeBytes));
    const tail = size <= edgeBytes ? head : read(file, Math.max(0, size - edgeBytes), edgeBytes);
    const content = contentKind(head);
    const sample = content.kind === 'gzip' ? inflateHead(head.subarray(0, inflatedBytes)) : head;
    return {
      path,
      bytes: size,
      modifiedMs: mtimeMs,
      version: fingerprint(size, head, tail),
      content: content.kind,
      sample: sample.subarray(0, sampleBytes),
      complete: size <= inflatedBytes && sample.length <= sampleBytes,
      ...(content.problem ? { problem: content.problem } : {}),
      statedBytes: content.kind === 'gzip' ? (size >= 18 ? tail.readUInt32LE(tail.length - 4) : undefined) : size,
    };
  } finally {
    closeSync(file);
  }
}

/** The version that the first `size` bytes had when they were all there was: tells whether a file only grew. */
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

/** Whether the first `size` bytes ended in the middle of a line that goes on behind them. */
export function endedMidLine(path: string, size: number): boolean {
  const file = openSync(path, 'r');
  try {
    return size > 0 && !read(file, size - 1, 2).includes('\n');
  } finally {
    closeSync(file);
  }
}

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

/** What the first bytes tell. */
export function contentKind(head: Buffer): { kind: InspectedFile['content']; problem?: string } {
  const magic = (hex: string) => head.subarray(0, hex.length / 2).toString('hex') === hex;
  if (magic('1f8b')) return { kind: 'gzip' };
  if (magic('50415231')) return { kind: 'parquet' };
  if (magic('504b0304')) return { kind: 'unsupported', problem: 'it is a zip archive; unpack it first' };
  if (magic('28b52ffd')) return { kind: 'unsupported', problem: 'it is compressed with zstd; decompress it first' };
  if (magic('425a68')) return { kind: 'unsupported', problem: 'it is compressed with bzip2; decompress it first' };
  if (magic('fd377a585a00')) return { kind: 'unsupported', problem: 'it is compressed with xz; decompress it first' };
  return { kind: 'plain' };
}

/** As much as the head holds; an incomplete or broken end is the reader's business, not the inspection's. */
function inflateHead(head: Buffer): Buffer {
  const start = gzipHeaderLength(head);
  if (start === undefined) return Buffer.alloc(0);
  try {
    return inflateRawSync(head.subarray(start), {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: 16 * 1024 * 1024,
    });
  } catch {
    return Buffer.alloc(0);
  }
}

/** RFC 1952, section 2.3. */
function gzipHeaderLength(head: Buffer): number | undefined {
  if (head.length < 10) return undefined;
  const flags = head[3] ?? 0;
  let position = 10;
  if (flags & 0x04) position += 2 + (head.length >= 12 ? head.readUInt16LE(10) : 0);
  for (const flag of [0x08, 0x10]) {
    if (flags & flag) {
      const end = head.indexOf(0, position);
      if (end === -1) return undefined;
      position = end + 1;
    }
  }
  if (flags & 0x02) position += 2;
  return position <= head.length ? position : undefined;
}
