/**
 * The three continuous queries of the demo: what they cost while files are ingested at full speed, how soon windows are emitted
 * at a steady rate, and what memory a window with a million viewers takes. With --only flink, the same queries on Flink beside it.
 *
 *   npm run bench:windows -- [--only cost,latency,talkers,flink] [--rows 1000000] [--repeat 3] [--rate 10000] [--seconds 60] [--viewers 1000000]
 *
 * Needs the built program; `flink` also Java 17 and, once, Maven. Results go to bench/results/; exits with 1 when a promise is broken.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Finding, formatFindings, isMet } from './findings.ts';
import { describeMachine } from './machine.ts';
import { saveResults } from './save-results.ts';
import { compareFlink, formatLive, type LiveResult } from './windows/compare-flink.ts';
import { measureCost } from './windows/measure-cost.ts';
import { measureLatency } from './windows/measure-latency.ts';
import { measureTalkers } from './windows/measure-talkers.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'cost,latency,talkers' },
    rows: { type: 'string', default: '1000000' },
    repeat: { type: 'string', default: '3' },
    rate: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '60' },
    viewers: { type: 'string', default: '1000000' },
  },
});
const rate = { perSecond: Number(values.rate), seconds: Number(values.seconds) };
const parts = {
  cost: (work: string) => measureCost(work, Number(values.rows), Number(values.repeat)),
  latency: (work: string) => measureLatency(work, rate),
  talkers: (work: string) => measureTalkers(work, Number(values.viewers)),
};
const machine = describeMachine();
const work = await mkdtemp(join(tmpdir(), 'tailrace-bench-windows-'));
const findings: Finding[] = [];
let besideFlink: readonly LiveResult[] = [];

try {
  const wanted = values.only.split(',');
  for (const [name, measure] of Object.entries(parts))
    if (wanted.includes(name)) findings.push(...(await measure(work)));
  if (wanted.includes('flink')) {
    const compared = await compareFlink(work, rate);
    findings.push(...compared.findings);
    besideFlink = compared.results;
  }
} finally {
  await rm(work, { recursive: true, force: true });
}

console.log(formatFindings(machine, Number(values.rows), findings));
if (besideFlink.length > 0) console.log(`\n${formatLive(besideFlink, rate)}`);
await saveResults('windows', { machine, rows: Number(values.rows), findings, besideFlink });
process.exitCode = findings.some((finding) => isMet(finding) === false) ? 1 : 0;
