import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hintsOf } from '../layouts/layout-choice.ts';
import { type IngestResult, ingestFiles } from '../pipeline/ingest-files.ts';
import type { IngestRequest } from '../server/file-ingests.ts';
import type { FilesProgress } from '../sources/files/user-files.ts';
import type { GeoFiles } from '../store/geo-networks/geo-list.ts';
import { type Arguments, type Command, exitCodes, isSet, textOption, UsageError } from './command.ts';
import {
  type ConfiguredStore,
  configuredStore,
  serverOf,
  storeHelp,
  storeOptions,
  tellOfStore,
} from './configured-store.ts';
import { taskOf } from './engine-task.ts';
import { collectFiles } from './ingest/collect-files.ts';
import { handOver } from './ingest/hand-over.ts';
import { layoutHelp, layoutOptions, readLayoutChoice } from './layout-options.ts';
import { openToStore } from './open-checked.ts';
import { print, tell } from './print.ts';
import { createProgress } from './progress.ts';
import { readRules, ruleHelp, ruleOptions } from './rule-options.ts';
import type { ServerAddress } from './running-server.ts';

export const ingestCommand: Command = {
  usage: 'tailrace ingest [--store DIR | --config FILE] [--format NAME] PATH|GLOB|- …',
  options: {
    ...storeOptions,
    ...layoutOptions,
    ...ruleOptions,
    'geoip-city': { type: 'string' },
    'geoip-asn': { type: 'string' },
    json: { type: 'boolean' },
    quiet: { type: 'boolean', short: 'q' },
  },
  help: `A folder means all files below it; /proc, /sys and /dev are not searched; - reads standard input. Gzip and plain
files are told apart by their content. A file that is stored already is skipped, and so is an input with the same bytes;
one that grew is continued where it ended. A running server that has the store open stores the files.

Options:
${storeHelp}
${layoutHelp}
${ruleHelp}
  --geoip-city FILE  country of viewers whose log line has none: MaxMind or DB-IP, .mmdb or .csv
  --geoip-asn FILE   the same for their autonomous system
  --json           print one summary object
  --quiet, -q      no progress`,
  async run(args) {
    if (args.positionals.length === 0) throw new UsageError('ingest wants at least one PATH, GLOB or -');
    const layout = await readLayoutChoice(args);
    const rules = readRules(args);
    const started = performance.now();
    const configured = await configuredStore(args);
    tellOfStore(args, configured);
    const server = await serverOf(configured);
    const named = { city: textOption(args, 'geoip-city'), asn: textOption(args, 'geoip-asn') };
    if (server && (named.city ?? named.asn)) {
      throw new UsageError(
        '--geoip-city and --geoip-asn go into the configuration of the server that has the store open',
      );
    }
    const geoip = { city: named.city ?? configured.options.geoip.city, asn: named.asn ?? configured.options.geoip.asn };
    const door = server ? doorOf(server) : await openDoor(configured, geoip, args.positionals);
    try {
      const { paths, identities, unusable, cleanUp } = await collectFiles(
        args.positionals,
        configured.location,
        isQuiet(args),
      );
      try {
        const progress = isQuiet(args) ? undefined : createProgress(await sizeOf(paths));
        const result = await door.ingest({ paths, identities, layout, ...(rules ? { rules } : {}) }, progress?.update);
        progress?.end();
        const failed = [...unusable, ...result.failed];
        return report(args, { ...result, failed }, (performance.now() - started) / 1000);
      } finally {
        await cleanUp();
      }
    } finally {
      await door.close();
    }
  },
};

/** How the files are stored: by this process, or by the one that has the store open. */
interface Door {
  ingest(request: IngestRequest, onProgress?: (progress: FilesProgress) => void): Promise<IngestResult>;
  close(): Promise<void>;
}

function doorOf(server: ServerAddress): Door {
  return {
    ingest: (request, onProgress) => handOver(server, request, onProgress),
    close: async () => {},
  };
}

async function openDoor(
  { location, options }: ConfiguredStore,
  geoip: GeoFiles,
  named: readonly string[],
): Promise<Door> {
  const store = await openToStore(location, {
    ...options,
    geoip,
    readable: ['/'],
    task: await taskOf(named),
  });
  const { watch: _, spoolDirectory, ...context } = store;
  return {
    ingest: ({ paths, identities = {}, layout = {}, rules }, onProgress) =>
      ingestFiles({ ...context, ...(rules ? { rules } : {}) }, paths, {
        hints: hintsOf(layout),
        identities,
        spoolDirectory: join(spoolDirectory, 'lines'),
        ...(onProgress ? { onProgress } : {}),
      }),
    close: () => store.close(),
  };
}

function isQuiet(args: Arguments): boolean {
  return isSet(args, 'quiet') || isSet(args, 'json');
}

async function sizeOf(paths: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const path of paths) bytes += (await stat(path).catch(() => ({ size: 0 }))).size;
  return bytes;
}

function report(args: Arguments, result: IngestResult, seconds: number): number {
  const { files, known, lines, rows, rejected, comments, excluded, bytes, failed, drifts } = result;
  if (isSet(args, 'json')) {
    const summary = {
      files,
      known,
      lines,
      rows,
      rejected,
      comments,
      excluded,
      bytes,
      seconds: Math.round(seconds * 1000) / 1000,
      failed,
      drifts,
    };
    print(JSON.stringify(summary));
  } else {
    const count = (value: number) => value.toLocaleString('en');
    print(
      `${count(lines)} lines in ${count(files)} ${files === 1 ? 'file' : 'files'}: ${count(rows)} rows stored, ${count(rejected)} rejected, ` +
        `${count(comments)} comments, ${excluded > 0 ? `${count(excluded)} left out, ` : ''}in ${seconds.toFixed(1)} s`,
    );
    if (known > 0) print(`${count(known)} ${known === 1 ? 'file was' : 'files were'} stored already and left alone`);
    if (rejected > 0)
      print(`see them: tailrace query "SELECT reason, count(), any(origin), any(line) FROM rejects GROUP BY reason"`);
  }
  for (const drift of drifts) tell(`tailrace: ${drift}`);
  for (const { path, problem } of failed) tell(`tailrace: cannot ingest "${path}": ${problem}`);
  return failed.length > 0 ? exitCodes.failed : exitCodes.fine;
}
