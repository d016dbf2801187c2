import { join } from 'node:path';
import type { InputHints } from '../layouts/find-layout.ts';
import { type RejectSelection, type RejectSummary, summarizeRejects } from '../ledger/kept-rejects.ts';
import { newestBatch } from '../ledger/newest-batch.ts';
import { openSink, type StoreSink } from '../pipeline/open-sink.ts';
import { type Replayed, replayRejects } from '../pipeline/replay-rejects.ts';
import { bucketHelp, bucketOptions, readOptionalBucket } from './bucket-options.ts';
import { type Arguments, type Command, exitCodes, isSet, textOption, UsageError } from './command.ts';
import { configuredStore, serverOf, storeHelp, storeOptions, tellOfStore } from './configured-store.ts';
import { layoutHelp, layoutOptions, readLayoutHints } from './layout-options.ts';
import { type FillableStore, openToStore } from './open-checked.ts';
import { print, tell } from './print.ts';
import { replayDestination } from './replay-destination.ts';
import { replayFailures } from './replay-failures.ts';
import { readTimeRange, timeRangeOptions } from './time-range.ts';

export const replayCommand: Command = {
  usage:
    'tailrace replay [--dry-run] [--destination NAME | --reason TEXT --origin TEXT --format NAME] [--store DIR | --config FILE] [s3://BUCKET[/PREFIX] | FILE|FOLDER|GLOB …]',
  options: {
    ...storeOptions,
    ...layoutOptions,
    ...timeRangeOptions,
    ...bucketOptions,
    destination: { type: 'string' },
    reason: { type: 'string' },
    origin: { type: 'string' },
    again: { type: 'boolean' },
    'dry-run': { type: 'boolean' },
    json: { type: 'boolean' },
  },
  help: `Stores lines of the table rejects once more: after an upgrade, or with the format and the columns that they have.
A line is replayed once, however often this runs; the rejects stay as they are. Lines longer than 4 MiB cannot be
replayed, because only their beginning is kept. With files it stores the records in the error output of Amazon Data
Firehose instead (processing-failed, AmazonOpenSearchService_failed, http-endpoint-failed and others), each file once.
With --destination it delivers again the batches of which that destination refused rows, or that were given up, from the
store: documents are made anew, and what is delivered already stays as it is.

Options:
  --dry-run        only count: lines by reason, records by error code, or batches and rows
  --destination NAME  a destination of the configuration; --from and --to choose by the time at which batches were begun
  --reason TEXT    only lines whose reason contains this, or records whose error code does
  --origin TEXT    only lines of objects whose name contains this
  --from TIME      only lines rejected since then, or files whose first record arrived since then: 2026-01-01, or
                   2026-01-01T12:00Z
  --to TIME        only those before then
  --again          also lines that a replay rejected again
${bucketHelp}
${storeHelp}
${layoutHelp}
  --json           print one summary object`,
  async run(args) {
    const selection = readSelection(args);
    const isOfFiles = args.positionals.length > 0;
    const destination = textOption(args, 'destination');
    if (destination !== undefined) {
      const { fromMs: _, untilMs: __, ...others } = selection;
      if (isOfFiles || Object.values(others).some(Boolean))
        throw new UsageError('--destination goes with --from, --to and --dry-run; give no files and no other filter');
      return replayDestination(args, destination);
    }
    if (isOfFiles && (selection.origin !== undefined || selection.again)) {
      throw new UsageError('--origin and --again choose among rejects; give no files with them');
    }
    const bucket = readOptionalBucket(args, 'replay');
    const hints = await readLayoutHints(args);
    const rejects = { ...selection, isNamed: hints.format !== undefined || hints.logFormat !== undefined };
    const configured = await configuredStore(args);
    tellOfStore(args, configured);
    const server = await serverOf(configured);
    if (server) {
      throw new Error(
        `cannot replay into the store "${configured.name}": the server at ${server.url} has it open; stop it for the time of the replay`,
      );
    }
    const store = await openToStore(configured.location, configured.options);
    try {
      if (isOfFiles)
        return await replayFailures(args, { bucket, store, selection, openSink: () => openReplaySink(store, hints) });
      const isJson = isSet(args, 'json');
      if (isSet(args, 'dry-run')) {
        const reasons = await summarizeRejects(store.engine, rejects, await newestBatch(store.engine));
        print(...(isJson ? [JSON.stringify({ reasons })] : describeWaiting(reasons)));
      } else {
        const replayed = await replay(store, rejects, hints);
        print(...(isJson ? [JSON.stringify(replayed)] : describeReplayed(replayed)));
      }
      return exitCodes.fine;
    } finally {
      await store.close();
    }
  },
};

function readSelection(args: Arguments): RejectSelection {
  const [reason, origin] = [textOption(args, 'reason'), textOption(args, 'origin')];
  return {
    ...readTimeRange(args),
    ...(reason === undefined ? {} : { reason }),
    ...(origin === undefined ? {} : { origin }),
    again: isSet(args, 'again'),
  };
}

function openReplaySink(store: FillableStore, hints: InputHints): StoreSink {
  const onEvent = (text: string) => tell(`tailrace: ${text}`);
  return openSink(store, { hints, spoolDirectory: join(store.spoolDirectory, 'lines'), onEvent, attempts });
}

async function replay(store: FillableStore, selection: RejectSelection, hints: InputHints): Promise<Replayed> {
  const sink = openReplaySink(store, hints);
  try {
    return await replayRejects(store, sink, selection);
  } finally {
    await sink.close();
  }
}

/** The command can be run again, so it does not wait for a store that is down or full. */
const attempts = 3;

const nothing = 'no rejected lines wait for a replay';
const count = (value: number) => value.toLocaleString('en');
const objectsOf = (objects: number) => `${count(objects)} ${objects === 1 ? 'object' : 'objects'}`;
const linesOf = (lines: number) => `${count(lines)} ${lines === 1 ? 'line' : 'lines'}`;

function describeWaiting(reasons: readonly RejectSummary[]): string[] {
  if (reasons.length === 0) return [nothing];
  return reasons.flatMap(({ reason, lines, origins, example }) => [
    `${linesOf(lines)} of ${objectsOf(origins)}: ${reason}`,
    `    ${example}`,
  ]);
}

function describeReplayed({ objects, lines, rows, rejected, comments }: Replayed): string[] {
  if (lines === 0) return [nothing];
  const books = `${count(rows)} rows stored, ${count(rejected)} rejected again, ${count(comments)} comments`;
  const again = rejected > 0 ? ['replay them once more with --again, for example with another --format'] : [];
  return [`${linesOf(lines)} of ${objectsOf(objects)}: ${books}`, ...again];
}
