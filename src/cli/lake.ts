import { join, resolve } from 'node:path';
import { type Exported, type ExportedHour, exportHours, wholeHours } from '../lake/export-hours.ts';
import { lakeDdl } from '../lake/lake-ddl.ts';
import { lakeTables } from '../lake/lake-hours.ts';
import { createLake, type LakeLocation } from '../lake/open-lake.ts';
import { claimInput } from '../ledger/claim-input.ts';
import { hourMs } from '../rollups/range.ts';
import { bucketHelp, bucketOptions, readOptionalBucket } from './bucket-options.ts';
import { type Arguments, type Command, exitCodes, isSet, textOption, UsageError } from './command.ts';
import {
  type ConfiguredStore,
  configuredStore,
  readConfig,
  serverOf,
  storeHelp,
  storeOptions,
  tellOfStore,
} from './configured-store.ts';
import { openToStore } from './open-checked.ts';
import { print, tell } from './print.ts';
import { printBytes } from './quantity-text.ts';
import { requireStore } from './require-store.ts';
import { readTimeRange, timeRangeOptions } from './time-range.ts';

export const lakeCommand: Command = {
  usage:
    'tailrace lake export|ddl [--from TIME] [--to TIME] [FOLDER | s3://BUCKET[/PREFIX/]] [--store DIR | --config FILE]',
  options: {
    ...storeOptions,
    ...timeRangeOptions,
    ...bucketOptions,
    json: { type: 'boolean' },
    quiet: { type: 'boolean', short: 'q' },
  },
  help: `export writes the hours that are over as Parquet, under requests/dt=2026-11-27/hour=13/: to the folder or bucket, by default to
the lake of the configuration. Hours that lie there with the same rows are left alone, so running it again writes
nothing; hours that changed are written again. Rows that retention has deleted stay in the lake.

ddl prints the statements that make the tables requests and logs in Athena, with partition projection, and the view cf_logs with the
classic column names. Athena runs one statement at a time. Nothing is contacted.

Options:
  --from TIME      only hours since then, by the time of the events: 2026-01-01, or 2026-01-01T12:00Z;
                   of ddl the first day that has rows, default 2020-01-01
  --to TIME        only hours before then; default now
${bucketHelp}
${storeHelp}
  --json           print one summary object
  --quiet, -q      no line per hour`,
  async run(args) {
    const [action, ...place] = args.positionals;
    const placed = { ...args, positionals: place };
    if (action === 'ddl') return printDdl(placed);
    if (action === 'export') return exportLake(placed);
    throw new UsageError('lake wants the word export or ddl');
  },
};

async function exportLake(args: Arguments): Promise<number> {
  const { fromMs = 0, untilMs } = readTimeRange(args);
  const configured = await configuredStore(args);
  const { lake } = configured.loaded.config;
  const location = readLocation(args) ?? lake?.to;
  if (!location)
    throw new UsageError('name a folder or s3://BUCKET[/PREFIX/], or add the section lake to the configuration');
  tellOfStore(args, configured);
  await refuseRunning(configured);
  await requireStore(configured.location);
  // The running hour is not over.
  const lastMs = Math.floor(Date.now() / hourMs) * hourMs;
  const range = wholeHours(fromMs, Math.min(untilMs ?? lastMs, lastMs));
  const store = await openToStore(configured.location, configured.options);
  try {
    const place = createLake(location, join(store.spoolDirectory, '.lake'));
    const { signal } = new AbortController();
    const claim = await claimInput({ ...store, pipeline: 'lake' }, `lake ${place.name}`);
    try {
      await place.open(signal);
      const exported = await exportHours(
        store.engine,
        place,
        {
          tables: lake?.tables ?? lakeTables,
          mask: lake?.mask ?? { signatures: true },
          range,
          ...(isSet(args, 'quiet') || isSet(args, 'json') ? {} : { onHour: (hour) => print(lineOf(hour)) }),
        },
        signal,
      );
      return report(args, place.name, exported);
    } finally {
      await place.close();
      await claim.release();
    }
  } finally {
    await store.close();
  }
}

async function printDdl(args: Arguments): Promise<number> {
  const { lake } = (await readConfig(textOption(args, 'config'))).config;
  const location = readLocation(args) ?? lake?.to;
  if (location?.type !== 's3')
    throw new UsageError('Athena reads S3: name s3://BUCKET[/PREFIX/], or a lake in S3 in the configuration');
  const { fromMs } = readTimeRange(args);
  const statements = lakeDdl({
    location: `s3://${location.bucket}/${location.prefix ?? ''}`,
    tables: lake?.tables ?? lakeTables,
    firstDay: fromMs === undefined ? '2020-01-01' : new Date(fromMs).toISOString().slice(0, 10),
  });
  print(...statements.flatMap((statement) => [...`${statement};`.split('\n'), '']));
  return exitCodes.fine;
}

function readLocation(args: Arguments): LakeLocation | undefined {
  const bucket = readOptionalBucket(args, 'lake export');
  if (bucket) {
    const { prefix, ...others } = bucket;
    if (prefix === '') return { type: 's3', ...others };
    return { type: 's3', ...others, prefix: prefix.endsWith('/') ? prefix : `${prefix}/` };
  }
  const [folder, ...more] = args.positionals;
  if (more.length > 0) throw new UsageError(`lake export wants one folder; found also "${more[0]}"`);
  return folder === undefined ? undefined : { type: 'folder', path: resolve(folder) };
}

async function refuseRunning(configured: ConfiguredStore): Promise<void> {
  const server = await serverOf(configured);
  if (!server) return;
  throw new Error(
    `cannot export the store "${configured.name}": the server at ${server.url} has it open; with the section lake in its ` +
      'configuration it exports by itself, or stop it',
  );
}

function lineOf({ table, startMs, rows, files, bytes }: ExportedHour): string {
  const hour = new Date(startMs).toISOString().slice(0, 13);
  if (files === 0) return `${table} ${hour}: no rows any more, removed`;
  return `${table} ${hour}: ${rows.toLocaleString('en')} rows, ${printBytes(bytes)}`;
}

function report(args: Arguments, name: string, { hours, rows, bytes, current, problems }: Exported): number {
  if (isSet(args, 'json')) print(JSON.stringify({ lake: name, hours, rows, bytes, current, problems }));
  else
    print(
      `${count(hours)} written to ${name}: ${rows.toLocaleString('en')} rows, ${printBytes(bytes)}; ${count(current)} left alone`,
    );
  for (const problem of problems) tell(`tailrace: ${problem}`);
  return problems.length > 0 ? exitCodes.failed : exitCodes.fine;
}

function count(hours: number): string {
  return `${hours.toLocaleString('en')} ${hours === 1 ? 'hour' : 'hours'}`;
}
