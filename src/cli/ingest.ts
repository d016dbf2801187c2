import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type IngestResult, ingestFiles } from '../pipeline/ingest-files.ts';
import { expandPaths } from '../sources/files/expand-paths.ts';
import { type Arguments, type Command, exitCodes, isSet, textOption, UsageError } from './command.ts';
import { layoutHelp, layoutOptions, readLayoutHints } from './layout-options.ts';
import { openToStore } from './open-checked.ts';
import { print, tell } from './print.ts';
import { createProgress, createSearchProgress } from './progress.ts';
import { readRules, ruleHelp, ruleOptions } from './rule-options.ts';
import { storeDirectory, storeHelp, storeLocation, storeOption } from './store-option.ts';

export const ingestCommand: Command = {
  usage: 'tailrace ingest [--store DIR] [--format NAME] PATH|GLOB|- …',
  options: {
    ...storeOption,
    ...layoutOptions,
    ...ruleOptions,
    'geoip-city': { type: 'string' },
    'geoip-asn': { type: 'string' },
    json: { type: 'boolean' },
    quiet: { type: 'boolean', short: 'q' },
  },
  help: `A folder means all files below it; /proc, /sys and /dev are not searched; - reads standard input. Gzip and plain
files are told apart by their content. A file that is stored already is left alone; one that grew is taken up where it ended.

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
    const hints = await readLayoutHints(args);
    const rules = readRules(args);
    const started = performance.now();
    const geoip = { city: textOption(args, 'geoip-city'), asn: textOption(args, 'geoip-asn') };
    const store = await openToStore(storeLocation(args), { geoip, readable: ['/'] });
    try {
      const { paths, missing, cleanUp } = await collectPaths(args);
      try {
        const totalBytes = await sizeOf(paths);
        const progress = isQuiet(args) ? undefined : createProgress(totalBytes);
        const spoolDirectory = join(storeDirectory(args), 'spool', 'ingest');
        const options = { hints, spoolDirectory, ...(progress ? { onProgress: progress.update } : {}) };
        const result = await ingestFiles({ ...store, ...(rules ? { rules } : {}) }, paths, options);
        progress?.end();
        return report(
          args,
          { ...result, failed: [...missing, ...result.failed] },
          (performance.now() - started) / 1000,
        );
      } finally {
        await cleanUp();
      }
    } finally {
      await store.close();
    }
  },
};

function isQuiet(args: Arguments): boolean {
  return isSet(args, 'quiet') || isSet(args, 'json');
}

async function collectPaths(args: Arguments) {
  const wantsInput = args.positionals.includes('-');
  const search = isQuiet(args) ? undefined : createSearchProgress();
  const { files, unusable } = await expandPaths(
    args.positionals.filter((path) => path !== '-'),
    search?.found,
  );
  search?.end();
  const missing = unusable.map(({ path, problem }) => ({ path, problem }));
  if (!wantsInput) return { paths: files, missing, cleanUp: async () => {} };
  const folder = join(storeDirectory(args), 'spool');
  await mkdir(folder, { recursive: true });
  const spool = await mkdtemp(join(folder, 'input-'));
  const path = join(spool, 'stdin');
  await pipeline(process.stdin, createWriteStream(path));
  return { paths: [...files, path], missing, cleanUp: () => rm(spool, { recursive: true, force: true }) };
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
