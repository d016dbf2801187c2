/**
 * Compares the program with its peers in one run on this machine, and prints the ratios as Markdown.
 *
 *   npx tsx bench/run.ts [--rows 1000000] [--repeat 3] [--only ingest,bare,goaccess,queries,small-files] [--work DIR]
 *
 * Needs the built program (`npm run build`) and, for its comparison, `goaccess`. Results go to bench/results/.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareIngest, compareSmallFiles, timeQueries } from './comparisons.ts';
import { type Finding, formatFindings, isMet } from './findings.ts';
import { describeMachine } from './machine.ts';
import { saveResults } from './save-results.ts';
import { writeLogs } from './traffic/write-logs.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    repeat: { type: 'string', default: '3' },
    only: { type: 'string', default: 'ingest,bare,goaccess,queries,small-files' },
    work: { type: 'string' },
  },
});
const rows = Number(values.rows);
const repeat = Number(values.repeat);
const only = new Set(values.only.split(','));
const machine = describeMachine();
const work = await mkdtemp(join(values.work ?? tmpdir(), 'tailrace-bench-'));
const findings: Finding[] = [];

try {
  if (['ingest', 'bare', 'goaccess', 'queries'].some((part) => only.has(part))) {
    console.error(`writing ${rows} rows`);
    const data = await writeLogs({ rows, directory: join(work, 'one'), layout: 'one' });
    findings.push(...(await compareIngest({ data, work, repeat, parts: only })));
    if (only.has('queries')) findings.push(...(await timeQueries({ data, work })));
    await rm(join(work, 'one'), { recursive: true, force: true });
  }
  if (only.has('small-files')) findings.push(...(await compareSmallFiles({ work, repeat })));
} finally {
  await rm(work, { recursive: true, force: true });
}

console.log(formatFindings(machine, rows, findings));
await saveResults(`${rows}`, { machine, rows, findings });
process.exitCode = findings.some((finding) => isMet(finding) === false) ? 1 : 0;
