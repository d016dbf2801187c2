import { join } from 'node:path';
import type { RejectSelection } from '../ledger/kept-rejects.ts';
import type { StoreSink } from '../pipeline/open-sink.ts';
import {
  countFailures,
  type FailedFile,
  type ReplayedFailures,
  storeFailures,
} from '../sources/failures/failure-files.ts';
import { expandPaths } from '../sources/files/expand-paths.ts';
import { fetchListing } from '../sources/s3/fetch-listing.ts';
import type { BucketPlace } from './bucket-options.ts';
import { type Arguments, exitCodes, isSet } from './command.ts';
import type { FillableStore } from './open-checked.ts';
import { print, tell } from './print.ts';

export interface FailuresReplay {
  /** Else the words are files on this machine. */
  readonly bucket: BucketPlace | undefined;
  readonly store: FillableStore;
  readonly selection: RejectSelection;
  readonly openSink: () => StoreSink;
}

/** Stores failed records of Firehose. @returns the exit code */
export async function replayFailures(args: Arguments, replay: FailuresReplay): Promise<number> {
  const { fromMs, untilMs, reason } = replay.selection;
  const { files, unusable } = await findFiles(args, replay);
  const selection = {
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(untilMs === undefined ? {} : { untilMs }),
    ...(reason === undefined ? {} : { errorCode: reason }),
  };
  const isJson = isSet(args, 'json');
  for (const { path, problem } of unusable) tell(`tailrace: cannot replay "${path}": ${problem}`);
  const finish = (failed: readonly FailedFile[], text: readonly string[]) => {
    for (const { name, problem } of failed) tell(`tailrace: cannot replay "${name}" whole: ${problem}`);
    print(...text);
    return unusable.length + failed.length > 0 ? exitCodes.failed : exitCodes.fine;
  };
  if (isSet(args, 'dry-run')) {
    const { codes, failed } = await countFailures(files, selection);
    const byCode = Object.fromEntries(codes);
    return finish(failed, isJson ? [JSON.stringify({ codes: byCode })] : describeCodes(byCode));
  }
  const sink = replay.openSink();
  try {
    const stored = await storeFailures(files, sink, selection);
    return finish(stored.failed, [isJson ? JSON.stringify(stored) : describeStored(stored)]);
  } finally {
    await sink.close();
  }
}

async function findFiles(args: Arguments, { bucket, store }: FailuresReplay) {
  if (bucket) {
    const options = { ...bucket, spoolDirectory: join(store.spoolDirectory, 'fetched') };
    return { files: fetchListing(options, new AbortController().signal), unusable: [] };
  }
  const { files, unusable } = await expandPaths(args.positionals);
  return { files: files.map((path) => ({ path, name: path })), unusable };
}

const count = (value: number) => value.toLocaleString('en');

function describeCodes(codes: Readonly<Record<string, number>>): string[] {
  const all = Object.entries(codes);
  if (all.length === 0) return ['no failed records of Firehose in these files'];
  return all.map(([code, records]) => `${count(records)} records: ${code === '' ? 'no error code' : code}`);
}

function describeStored({ files, records, lines, rows, rejected, comments }: ReplayedFailures): string {
  const stored = `${count(rows)} rows stored, ${count(rejected)} rejected, ${count(comments)} comments`;
  return `${count(records)} records in ${count(files)} ${files === 1 ? 'file' : 'files'}, ${count(lines)} ${lines === 1 ? 'line' : 'lines'} of them new: ${stored}`;
}
