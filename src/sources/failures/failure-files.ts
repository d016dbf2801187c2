import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { versionOfPrefix } from '../../framing/files/inspect-file.ts';
import { LineCutter } from '../../framing/lines/line-cutter.ts';
import { unpackStream } from '../../framing/lines/unpack-lines.ts';
import { addBooks, type Books, emptyBooks } from '../../ledger/books.ts';
import { firehoseDeliveries } from '../aws/firehose-deliveries.ts';
import type { Sink } from '../source.ts';
import { type FailedRecord, readFailedRecord } from './failed-record.ts';

/** What became of the records in files of Firehose's error output. */
export interface ReplayedFailures extends Books {
  readonly files: number;
  readonly records: number;
  /** Files with other lines among the records, or without any record: path and cause. */
  readonly failed: readonly { readonly path: string; readonly problem: string }[];
}

/** So many bytes of a file are in memory at once. */
const partBytes = 4 * 1024 ** 2;
const mostBytes = 64 * 1024 ** 3;

/**
 * Stores the records in files of Firehose's error output, as if it had delivered them. An object of that name and content
 * is stored once, wherever its copy is.
 * @param paths absolute
 * @throws what the store throws; what was stored until then stays stored
 */
export async function storeFailures(paths: readonly string[], sink: Sink): Promise<ReplayedFailures> {
  let books = emptyBooks;
  let count = 0;
  const failed: { path: string; problem: string }[] = [];
  for (const path of paths) {
    try {
      const origin = `replay:${basename(path)}`;
      const version = versionOf(path);
      let [number, others] = [0, 0];
      for await (const part of failedRecords(path)) {
        others += part.others;
        count += part.records.length;
        const request = {
          origin,
          requestId: `${version}-${++number}`,
          context: contextOf(part.records),
        };
        for await (const delivery of firehoseDeliveries(request, part.records, unbounded)) {
          books = (await sink.store([delivery])).reduce((sum, receipt) => addBooks(sum, receipt), books);
        }
      }
      if (others > 0) failed.push({ path, problem: `${others} of its lines are no failed records of Firehose` });
    } catch (cause) {
      if (!(cause instanceof FailureFileError)) throw cause;
      failed.push({ path, problem: cause.message });
    }
  }
  return { ...books, files: paths.length, records: count, failed };
}

/** How many records failed for a reason, by error code. @throws Error for a file that cannot be read */
export async function countFailures(paths: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const path of paths) {
    for await (const { records } of failedRecords(path)) {
      for (const { errorCode } of records) counts.set(errorCode, (counts.get(errorCode) ?? 0) + 1);
    }
  }
  return counts;
}

/** A file that cannot be read, or not to its end. */
class FailureFileError extends Error {}

interface Part {
  readonly records: readonly FailedRecord[];
  /** Lines that are something else. */
  readonly others: number;
}

/** The records of a file in parts, the same ones each time it is read. */
async function* failedRecords(path: string): AsyncGenerator<Part> {
  let [records, others, bytes]: [FailedRecord[], number, number] = [[], 0, 0];
  for await (const line of linesOf(path)) {
    const record = readFailedRecord(line);
    if (record) records.push(record);
    else if (line.trim() !== '') others++;
    bytes += line.length;
    if (bytes < partBytes) continue;
    yield { records, others };
    [records, others, bytes] = [[], 0, 0];
  }
  yield { records, others };
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const cutter = new LineCutter();
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of readable(path)) {
    const text = cutter.push(chunk).map((piece) => decoder.decode(piece, { stream: true }));
    const lines = (rest + text.join('')).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

async function* readable(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* unpackStream(createReadStream(path), { leastBytes: 4096, maxBytes: mostBytes });
  } catch (cause) {
    throw new FailureFileError((cause as Error).message, { cause });
  }
}

/** @throws FailureFileError */
function versionOf(path: string): string {
  try {
    return versionOfPrefix(path, statSync(path).size);
  } catch (cause) {
    throw new FailureFileError((cause as Error).message, { cause });
  }
}

function contextOf(records: readonly FailedRecord[]) {
  const arrivedAtMs = records.find((record) => record.arrivedAtMs !== undefined)?.arrivedAtMs;
  return arrivedAtMs === undefined ? {} : { arrivedAtMs };
}

/** Parts are small already. */
const unbounded = { add: () => {}, free: () => {} };
