import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { compressPart, type GzipPart } from './gzip-parts.ts';
import { logHeader } from './log-line.ts';
import { Random } from './random.ts';
import { createTraffic, type TrafficPlan } from './traffic.ts';

/** The job for one chunk of lines; plain data, so that it can be sent to a worker thread. */
export type ChunkJob =
  | { readonly chunk: number; readonly as: 'part'; readonly withHeader: boolean }
  | { readonly chunk: number; readonly as: 'files'; readonly directory: string; readonly blocksPerFile: number };

export interface ChunkResult {
  readonly lines: number;
  /** Bytes before compression, headers included. */
  readonly rawBytes: number;
  readonly part?: GzipPart;
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
}

export const distribution = 'E2TAILRACE8BEN';

/** A file name as CloudFront gives it: `<DISTRIBUTION>.YYYY-MM-DD-HH.<8 hexadecimal digits>.gz`. */
export function logFileName(plan: TrafficPlan, hour: number, number: number): string {
  const unique = new Random(plan.seed, 0xf17e, number).int32() >>> 0;
  const hex = unique.toString(16).padStart(8, '0');
  return `${distribution}.${plan.day}-${String(hour).padStart(2, '0')}.${hex}.gz`;
}

export function createChunkWorker(plan: TrafficPlan): (job: ChunkJob) => ChunkResult {
  const traffic = createTraffic(plan);
  const header = Buffer.from(logHeader);

  const asPart = (chunk: number, withHeader: boolean): ChunkResult => {
    const pieces: Buffer[] = withHeader ? [header] : [];
    let lines = 0;
    for (const block of traffic.chunk(chunk)) {
      pieces.push(Buffer.from(block.bytes));
      lines += block.lines;
    }
    const part = compressPart(Buffer.concat(pieces));
    return { lines, rawBytes: part.rawBytes, part, files: [] };
  };

  const asFiles = (chunk: number, directory: string, blocksPerFile: number): ChunkResult => {
    const files: { path: string; bytes: number }[] = [];
    let lines = 0;
    let rawBytes = 0;
    let pieces: Buffer[] = [header];
    let hour = 0;
    const finish = (): void => {
      if (pieces.length === 1) return;
      // Chunk and place, so that a file has the same name whichever thread writes it.
      const path = join(directory, logFileName(plan, hour, chunk * 1000 + files.length));
      const compressed = gzipSync(Buffer.concat(pieces), { level: 6 });
      writeFileSync(path, compressed, { flag: 'wx' });
      files.push({ path, bytes: compressed.length });
      pieces = [header];
      rawBytes += header.length;
    };
    for (const block of traffic.chunk(chunk)) {
      if (pieces.length > blocksPerFile || block.hour !== hour) finish();
      hour = block.hour;
      pieces.push(Buffer.from(block.bytes));
      lines += block.lines;
      rawBytes += block.bytes.length;
    }
    finish();
    return { lines, rawBytes, files };
  };

  return (job) =>
    job.as === 'part' ? asPart(job.chunk, job.withHeader) : asFiles(job.chunk, job.directory, job.blocksPerFile);
}
