import { join } from 'node:path';
import { openSink } from '../pipeline/open-sink.ts';
import { type BackfillProgress, type BackfillResult, backfill } from '../sources/s3/backfill.ts';
import { type BucketPlace, bucketHelp, bucketOptions, readBucket } from './bucket-options.ts';
import { type Arguments, type Command, exitCodes, isSet } from './command.ts';
import { configuredStore, serverOf, storeHelp, storeOptions, tellOfStore } from './configured-store.ts';
import { layoutHelp, layoutOptions, readLayoutHints } from './layout-options.ts';
import { openToStore } from './open-checked.ts';
import { print, redraw, tell } from './print.ts';
import { printBytes } from './quantity-text.ts';
import { readRules, ruleHelp, ruleOptions } from './rule-options.ts';
import { readTimeRange, timeRangeOptions } from './time-range.ts';

export const backfillCommand: Command = {
  usage: 'tailrace backfill s3://BUCKET[/PREFIX] [--from TIME] [--to TIME] [--store DIR | --config FILE]',
  options: {
    ...storeOptions,
    ...layoutOptions,
    ...ruleOptions,
    ...timeRangeOptions,
    ...bucketOptions,
    json: { type: 'boolean' },
    quiet: { type: 'boolean', short: 'q' },
  },
  help: `Objects that are stored already are skipped, so running it again continues where it stopped. Credentials are found
as the AWS command line finds them.

Options:
  --from TIME      only objects with lines since then: 2026-01-01, or 2026-01-01T12:00Z
  --to TIME        only objects with lines before then
${bucketHelp}
${storeHelp}
${layoutHelp}
${ruleHelp}
  --json           print one summary object
  --quiet, -q      no progress

The keys of CloudFront, load balancer, WAF and S3 access logs contain the time of their lines; any other object is
selected by the time when it was written.`,
  async run(args) {
    const target = readTarget(args);
    const hints = await readLayoutHints(args);
    const rules = readRules(args);
    const started = performance.now();
    const configured = await configuredStore(args);
    tellOfStore(args, configured);
    const server = await serverOf(configured);
    if (server) {
      throw new Error(
        `cannot backfill the store "${configured.name}": the server at ${server.url} has it open; stop it, or add a pipeline ` +
          'with this bucket to its configuration',
      );
    }
    const store = await openToStore(configured.location, configured.options);
    try {
      const spoolDirectory = join(store.spoolDirectory, 'lines');
      const say = (text: string) => tell(`tailrace: ${text}`);
      const sink = openSink({ ...store, ...(rules ? { rules } : {}) }, { hints, spoolDirectory, onEvent: say });
      const progress = isSet(args, 'quiet') || isSet(args, 'json') ? undefined : createProgress();
      try {
        const fetched = join(store.spoolDirectory, 'fetched');
        const options = { ...target, spoolDirectory: fetched, ...(progress ? { onProgress: progress.update } : {}) };
        const result = await backfill(options, sink, new AbortController().signal);
        progress?.end();
        return report(args, target, result, (performance.now() - started) / 1000);
      } finally {
        await sink.close();
      }
    } finally {
      await store.close();
    }
  },
};

/** @throws UsageError */
export function readTarget(args: Arguments) {
  return { ...readBucket(args, 'backfill'), range: readTimeRange(args) };
}

const plainEveryMs = 5000;

/** On standard error: one updated line on a terminal, a new line every few seconds elsewhere. */
function createProgress() {
  const terminal = process.stderr.isTTY === true;
  const started = performance.now();
  let printedMs = 0;
  return {
    update(progress: BackfillProgress) {
      const elapsedMs = performance.now() - started;
      const text = progressLine(progress, elapsedMs);
      if (terminal) redraw(text);
      else if (elapsedMs - printedMs >= plainEveryMs) tell(text);
      else return;
      printedMs = elapsedMs;
    },
    end() {
      if (terminal && printedMs > 0) redraw();
    },
  };
}

/** E.g. `1,200 of 5,000 objects found so far, 42 MB, 120,000 rows, 9,000 rows/s`. */
export function progressLine({ done, doneBytes, found, problem, rows }: BackfillProgress, elapsedMs: number): string {
  const rate = count(Math.round(rows / Math.max(0.001, elapsedMs / 1000)));
  const line = `${count(done)} of ${count(found)} objects found so far, ${printBytes(doneBytes)}, ${count(rows)} rows, ${rate} rows/s`;
  return problem === undefined ? line : `${line}; ${problem}`;
}

function report(args: Arguments, { bucket, prefix }: BucketPlace, result: BackfillResult, seconds: number): number {
  const { done, known, ignored, gone, lines, rows, rejected, comments, excluded, failed } = result;
  if (isSet(args, 'json')) {
    print(JSON.stringify({ ...result, seconds: Math.round(seconds * 1000) / 1000 }));
  } else {
    const stored = done - known - ignored - gone - failed.length;
    print(
      `${count(lines)} lines in ${objects(stored)}: ${count(rows)} rows stored, ${count(rejected)} rejected, ` +
        `${count(comments)} comments, ${excluded > 0 ? `${count(excluded)} left out, ` : ''}in ${seconds.toFixed(1)} s`,
    );
    if (known > 0) print(`${objects(known)} stored already and left alone`);
    if (ignored > 0) print(`${objects(ignored)} left out: empty, folders or test files`);
    if (gone > 0) print(`${objects(gone)} gone before they could be read`);
  }
  for (const { problem } of failed) tell(`tailrace: ${problem}`);
  if (done > 0) return failed.length > 0 ? exitCodes.failed : exitCodes.fine;
  tell(
    `tailrace: cannot find anything in "s3://${bucket}/${prefix}": no object is there; check the prefix and the times`,
  );
  return exitCodes.failed;
}

function objects(number: number): string {
  return `${count(number)} ${number === 1 ? 'object' : 'objects'}`;
}

function count(number: number): string {
  return number.toLocaleString('en');
}
