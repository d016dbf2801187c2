import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { EngineError } from '../../engine/engine-error.ts';

/** A file that the user supplies, MaxMind DB (`mmdb`) or CSV, identified by content, not by name. */
export interface GeoFile {
  readonly path: string;
  readonly gzip: boolean;
  readonly content: 'mmdb' | 'csv';
  /** The beginning of the content, decompressed; for CSV at least its first lines. */
  readonly sample: Buffer;
}

const sampleBytes = 64 * 1024;

/** @throws EngineError `TAILRACE_INPUT_UNREADABLE` for a file that is missing, empty, an archive, or unreadable */
export function openGeoFile(path: string): GeoFile {
  const head = readHead(path);
  const gzip = head[0] === 0x1f && head[1] === 0x8b;
  const sample = gzip ? inflateHead(path, head) : head;
  if (sample.length === 0) throw unusableGeoFile(path, 'it is empty', 'replace it by a complete copy');
  if (sample.subarray(0, 4).toString('latin1') === 'PK\x03\x04') {
    throw unusableGeoFile(path, 'it is a zip archive', 'unpack it and name the .mmdb or .csv file in it');
  }
  if (sample.subarray(257, 262).toString('latin1') === 'ustar') {
    throw unusableGeoFile(path, 'it is a tar archive', 'unpack it and name the .mmdb or .csv file in it');
  }
  // The search tree at the start of a MaxMind DB has NUL bytes in its first records; text has none.
  return { path, gzip, sample, content: sample.includes(0) ? 'mmdb' : 'csv' };
}

/** Hashes the raw bytes of files. @throws EngineError like {@link openGeoFile} */
export async function hashFiles(paths: readonly string[], salt: string): Promise<string> {
  const hash = createHash('sha256').update(salt);
  for (const path of paths) {
    try {
      for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Buffer);
    } catch (cause) {
      throw unreadable(path, cause);
    }
  }
  return hash.digest('hex').slice(0, 32);
}

/** The engine would accept a truncated gzip file. @throws EngineError when it is damaged or truncated */
export async function checkGzip({ path, gzip }: GeoFile): Promise<void> {
  if (!gzip) return;
  try {
    await pipeline(createReadStream(path), createGunzip(), async (chunks: AsyncIterable<Buffer>) => {
      for await (const _ of chunks);
    });
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** The error for an unusable file. */
export function unusableGeoFile(path: string, reason: string, remedy: string, cause?: unknown): EngineError {
  const message = `cannot read the GeoIP file "${path}": ${reason}; ${remedy}`;
  return new EngineError('TAILRACE_INPUT_UNREADABLE', message, { cause });
}

function readHead(path: string): Buffer {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(sampleBytes);
      return bytes.subarray(0, readSync(file, bytes, 0, sampleBytes, 0));
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function inflateHead(path: string, head: Buffer): Buffer {
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (cause) {
    throw unusableGeoFile(path, 'its gzip data is damaged', 'replace it by a complete copy', cause);
  }
}

const reasons: Readonly<Record<string, readonly [reason: string, remedy: string]>> = {
  ENOENT: ['there is no such file', 'check the path'],
  EISDIR: ['it is a directory', 'name the .mmdb or .csv file in it'],
  EACCES: ['permission denied', 'correct its rights'],
  EPERM: ['permission denied', 'correct its rights'],
  Z_DATA_ERROR: ['its gzip data is damaged', 'replace it by a complete copy'],
  Z_BUF_ERROR: ['its gzip data ends too early', 'replace it by a complete copy'],
};

function unreadable(path: string, cause: unknown): EngineError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const [reason, remedy] = reasons[code] ?? [cause instanceof Error ? cause.message : String(cause), 'check the file'];
  return unusableGeoFile(path, reason, remedy, cause);
}
