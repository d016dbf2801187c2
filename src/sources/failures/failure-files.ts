import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { versionOfPrefix } from '../../framing/files/inspect-file.ts';
import { LineCutter } from '../../framing/lines/line-cutter.ts';
import { unpackStream } from '../../framing/lines/unpack-lines.ts';
import { addBooks, type Books, emptyBooks } from '../../ledger/books.ts';
import { firehoseDeliveries } from '../aws/firehose-deliveries.ts';
import type { Sink } from '../source.ts';
import { type FailedRecord, readFailedRecord } from './failed-record.ts';

/** A file of error output on this machine. */
export interface FailureFile {
  /** Absolute. Its last part is that of the name under which Firehose wrote it. */
  readonly path: string;
  /** In messages: where the user has it. */
  readonly name: string;
}

/** Which records; without limits all. */
export interface FailureSelection {
  /** Only files whose first record arrived since then, milliseconds since 1970. */
  readonly fromMs?: number;
  /** Only files whose first record arrived before then. */
  readonly untilMs?: number;
  /** Only records whose error code contains this. */
  readonly errorCode?: string;
}

/** What became of the records in files of Firehose's error output. */
export interface ReplayedFailures extends Books {
  readonly files: number;
  readonly records: number;
  /** Files with something else among the records, or without any record: name and cause. */
  readonly failed: readonly FailedFile[];
}

export interface FailedFile {
  readonly name: string;
  readonly problem: string;
}

/** So many bytes of a file are in memory at once. */
const partBytes = 4 * 1024 ** 2;
const mostBytes = 64 * 1024 ** 3;

/**
 * Stores the records in files of Firehose's error output, as if it had delivered them. An object of that name and content
 * is stored once, wherever its copy is.
 * @throws what the store throws; what was stored until then stays stored
 */
export async function storeFailures(
  files: Iterable<FailureFile> | AsyncIterable<FailureFile>,
  sink: Sink,
  selection: FailureSelection = {},
): Promise<ReplayedFailures> {
  let books = emptyBooks;
  let [count, records] = [0, 0];
  const failed: FailedFile[] = [];
  for await (const file of files) {
    count++;
    const problem = await readGroups(file, selection, async (group, requestId) => {
      records += group.length;
      const request = { origin: `replay:${basename(file.path)}`, requestId, context: contextOf(group) };
      for await (const delivery of firehoseDeliveries(request, group, unbounded)) {
        books = (await sink.store([delivery])).reduce((sum, receipt) => addBooks(sum, receipt), books);
      }
    });
    if (problem !== undefined) failed.push({ name: file.name, problem });
  }
  return { ...books, files: count, records, failed };
}

/** How many records failed for a reason, by error code. */
export async function countFailures(
  files: Iterable<FailureFile> | AsyncIterable<FailureFile>,
  selection: FailureSelection = {},
): Promise<{ readonly codes: ReadonlyMap<string, number>; readonly failed: readonly FailedFile[] }> {
  const codes = new Map<string, number>();
  const failed: FailedFile[] = [];
  for await (const file of files) {
    const problem = await readGroups(file, selection, async (group) => {
      const [{ errorCode }] = group as [FailedRecord];
      codes.set(errorCode, (codes.get(errorCode) ?? 0) + group.length);
    });
    if (problem !== undefined) failed.push({ name: file.name, problem });
  }
  return { codes, failed };
}

/**
 * Reads the selected records in groups of one error code, each with an id that does not depend on the selection.
 * @returns what is wrong with the file
 */
async function readGroups(
  { path }: FailureFile,
  { fromMs = Number.NEGATIVE_INFINITY, untilMs = Number.POSITIVE_INFINITY, errorCode = '' }: FailureSelection,
  take: (group: readonly FailedRecord[], id: string) => Promise<void>,
): Promise<string | undefined> {
  let others = 0;
  const own = new Map<string, number>();
  try {
    const version = versionOf(path);
    let [number, isFirst] = [0, true];
    for await (const part of failedRecords(path)) {
      const arrivedAtMs = part.records.find((record) => record.arrivedAtMs !== undefined)?.arrivedAtMs;
      if (isFirst && arrivedAtMs !== undefined && (arrivedAtMs < fromMs || arrivedAtMs >= untilMs)) return undefined;
      isFirst = false;
      number++;
      others += part.others;
      const groups = new Map<string, FailedRecord[]>();
      for (const record of part.records) {
        const { destination, errorCode: code } = record;
        if (destination !== undefined) own.set(destination, (own.get(destination) ?? 0) + 1);
        else groups.get(code)?.push(record) ?? groups.set(code, [record]);
      }
      for (const [index, [code, group]] of [...groups].entries()) {
        if (code.includes(errorCode)) await take(group, `${version}-${number}.${index}`);
      }
    }
  } catch (cause) {
    if (!(cause instanceof FailureFileError)) throw cause;
    return cause.message;
  }
  const problems = [...own].map(
    ([destination, records]) =>
      `${records} of its records were refused by the destination "${destination}", and their rows are in the store: run "tailrace replay --destination ${destination}" to deliver them again`,
  );
  if (others > 0) problems.push(`${others} of its lines are no failed records of Firehose`);
  return problems.length > 0 ? problems.join('; ') : undefined;
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
