import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ingestFiles } from '../pipeline/ingest-files.ts';
import { reports } from '../reports/catalog.ts';
import { chooseStep, formatSqlTime, parseSqlTime } from '../reports/report-window.ts';
import { runReport } from '../reports/run-report.ts';
import { readStoreRange } from '../reports/store-range.ts';
import { expandPaths } from '../sources/files/expand-paths.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { type Command, exitCodes, textOption, UsageError } from './command.ts';
import { taskOf } from './engine-task.ts';
import { layoutHelp, layoutOptions, readLayoutHints } from './layout-options.ts';
import { print, tell } from './print.ts';
import { writeForPeople } from './private-files.ts';
import { createSearchProgress } from './progress.ts';

export const reportCommand: Command = {
  usage: 'tailrace report LOGS … -o report.html',
  options: { ...layoutOptions, output: { type: 'string', short: 'o' } },
  help: `Nothing is stored; the page works from disk and can be mailed.

Options:
  --output, -o FILE  where to write the page
${layoutHelp}`,
  async run(args) {
    const output = textOption(args, 'output');
    if (args.positionals.length === 0) throw new UsageError('report wants at least one log file');
    if (!output) throw new UsageError('report wants -o FILE, the page to write');
    const page = await readFile(new URL('../web/report.html', import.meta.url), 'utf8');
    const search = createSearchProgress();
    const { files, unusable } = await expandPaths(args.positionals, search.found);
    search.end();
    const directory = await mkdtemp(join(tmpdir(), 'tailrace-report-'));
    const store = await openStore({ directory }, { readable: ['/'], task: await taskOf(files) });
    try {
      const { failed, rows } = await ingestFiles(store, files, { hints: await readLayoutHints(args) });
      const problems = [...unusable, ...failed];
      for (const { path, problem } of problems) tell(`tailrace: cannot read "${path}": ${problem}`);
      if (rows === 0)
        throw new Error('cannot make a report: no line of these files could be read; see "tailrace detect"');
      await writeForPeople(output, fillPage(page, await collectData(store)));
      print(resolve(output));
      return problems.length > 0 ? exitCodes.failed : exitCodes.fine;
    } finally {
      await store.close();
      await rm(directory, { recursive: true, force: true });
    }
  },
};

async function collectData(store: Store) {
  const range = await readStoreRange(store.engine);
  const minuteMs = 60_000;
  const fromMs = Math.floor((parseSqlTime(range.firstTime ?? '') ?? 0) / minuteMs) * minuteMs;
  const toMs = (Math.floor((parseSqlTime(range.lastTime ?? '') ?? 0) / minuteMs) + 1) * minuteMs;
  const parameters = {
    from: formatSqlTime(fromMs),
    to: formatSqlTime(toMs),
    step: chooseStep(toMs - fromMs),
    limit: 20,
    q: '',
  };
  // At once: the engine has more than one processor, and takes turns where there are more than it has sessions.
  const answers = await Promise.all(
    reports.map(async (report) => [report.name, await runReport(store.engine, report, parameters)] as const),
  );
  return { generatedAt: new Date().toISOString(), range, reports: Object.fromEntries(answers) };
}

/** A replacer function, because `$` in a replacement text has a meaning; `<` is escaped, as it could end the script. */
function fillPage(page: string, data: unknown): string {
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  return page.replace('id="tailrace-data">null<', () => `id="tailrace-data">${json}<`);
}
