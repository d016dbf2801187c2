import { mkdir, open, readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type ChunkJob, logFileName } from './chunk-jobs.ts';
import { runChunkJobs } from './chunk-pool.ts';
import { createGzipTrailer, type GzipPart, gzipHeader } from './gzip-parts.ts';
import { chunkCount, linesPerBlock, planTraffic } from './traffic.ts';

export type Layout = 'one' | 'split' | 'many';

export interface WriteLogsOptions {
  readonly rows: number;
  /** Created when missing; must be empty. */
  readonly directory: string;
  readonly layout: Layout;
  /** How many files: 8 by default for `split`, one for each 50 rows for `many`; never more than the rows allow. */
  readonly files?: number;
  readonly seed?: number;
  /** `YYYY-MM-DD` (UTC): the day on which all requests happen. */
  readonly day?: string;
  /** Worker threads; 0 generates everything in the calling thread. One per processor by default. */
  readonly threads?: number;
}

export interface WrittenLogs {
  /** Paths in the order of their lines. */
  readonly files: readonly string[];
  readonly rows: number;
  /** Before compression, with the two header lines of each file. */
  readonly rawBytes: number;
  readonly gzipBytes: number;
}

/** Writes a day of CloudFront standard logs. The same options give the same bytes; the layouts hold the same lines. */
export async function writeLogs(options: WriteLogsOptions): Promise<WrittenLogs> {
  const { directory, rows, layout } = options;
  if (!Number.isSafeInteger(rows) || rows < 1) {
    throw new Error(`cannot write logs of "${rows}" rows: not a whole number; ask for 1 or more`);
  }
  await mkdir(directory, { recursive: true });
  if ((await readdir(directory)).length > 0) {
    throw new Error(`cannot write logs into "${directory}": it is not empty; name another directory or remove it`);
  }
  return layout === 'many' ? writeMany(options) : writeFew(options, layout === 'one' ? 1 : (options.files ?? 8));
}

async function writeMany(options: WriteLogsOptions): Promise<WrittenLogs> {
  const { directory, rows, threads = availableParallelism() } = options;
  const plan = planTraffic(options);
  const linesPerFile = options.files === undefined ? linesPerBlock : Math.ceil(rows / options.files);
  const blocksPerFile = Math.max(1, Math.round(linesPerFile / linesPerBlock));
  const jobs = Array.from({ length: chunkCount(plan) }, (_, chunk): ChunkJob => {
    return { chunk, as: 'files', directory, blocksPerFile };
  });
  const files: string[] = [];
  let rawBytes = 0;
  let gzipBytes = 0;
  for await (const result of runChunkJobs(plan, jobs, threads)) {
    rawBytes += result.rawBytes;
    for (const file of result.files) {
      files.push(file.path);
      gzipBytes += file.bytes;
    }
  }
  return { files, rows, rawBytes, gzipBytes };
}

async function writeFew(options: WriteLogsOptions, wanted: number): Promise<WrittenLogs> {
  const { directory, rows, threads = availableParallelism() } = options;
  const plan = planTraffic(options);
  const chunks = chunkCount(plan);
  const fileOf = (chunk: number): number => Math.floor((chunk * Math.min(wanted, chunks)) / chunks);
  const startsFile = (chunk: number): boolean => chunk === 0 || fileOf(chunk) !== fileOf(chunk - 1);
  const jobs = Array.from({ length: chunks }, (_, chunk): ChunkJob => {
    return { chunk, as: 'part', withHeader: startsFile(chunk) };
  });
  const files: string[] = [];
  let rawBytes = 0;
  let gzipBytes = 0;
  let chunk = 0;
  let member: Member | undefined;
  for await (const { part } of runChunkJobs(plan, jobs, threads)) {
    if (part === undefined) throw new Error('BUG: a part job gave no part');
    if (startsFile(chunk)) {
      gzipBytes += (await member?.end()) ?? 0;
      // Real names contain the hour; a file of many hours is named by its first.
      const path = join(directory, logFileName(plan, Math.floor((24 * chunk) / chunks), chunk));
      member = await openMember(path);
      files.push(path);
    }
    await member?.write(part);
    rawBytes += part.rawBytes;
    chunk++;
  }
  gzipBytes += (await member?.end()) ?? 0;
  return { files, rows, rawBytes, gzipBytes };
}

interface Member {
  write(part: GzipPart): Promise<void>;
  /** Resolves with the size of the file. */
  end(): Promise<number>;
}

async function openMember(path: string): Promise<Member> {
  const file = await open(path, 'wx');
  const trailer = createGzipTrailer();
  let size = 0;
  const append = async (bytes: Uint8Array): Promise<void> => {
    await file.appendFile(bytes);
    size += bytes.length;
  };
  await append(gzipHeader);
  return {
    async write(part) {
      trailer.add(part);
      await append(part.deflated);
    },
    async end() {
      await append(trailer.end());
      await file.close();
      return size;
    },
  };
}
