/**
 * What somebody waits for on the page Explore: pages of rows, needles, values and charts over a month of requests, and how
 * far a live tail is behind what is stored.
 *
 *   npm run bench:explore -- [--rows 12000000] [--store DIR] [--repeat 3] [--seconds 20] [--only pages|tail]
 *
 * `--store` keeps the store of the month and uses it again; without it the store is temporary. The tail has a store of its own.
 * Needs the built program. Results go to bench/results/.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { measurePages } from './explore/measure-pages.ts';
import { measureTail } from './explore/measure-tail.ts';
import { type Finding, formatFindings, isMet } from './findings.ts';
import { describeMachine } from './machine.ts';
import { buildMonth } from './month/build-month.ts';
import { saveResults } from './save-results.ts';
import { type RunningServer, startServer } from './tailrace-process.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '12000000' },
    store: { type: 'string' },
    repeat: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '20' },
    only: { type: 'string' },
  },
});
const machine = describeMachine();
const temporary = await mkdtemp(join(tmpdir(), 'tailrace-bench-explore-'));
const findings: Finding[] = [];
let rows = 0;

async function withServer(store: string, work: (server: RunningServer) => Promise<void>): Promise<void> {
  const server = await startServer(store);
  await work(server).finally(() => server.stop());
}

try {
  if (values.only !== 'tail') {
    const store = resolve(values.store ?? join(temporary, 'month'));
    rows = (await buildMonth(store, Number(values.rows))).rows;
    await withServer(store, async (server) => {
      findings.push(...(await measurePages(server, Number(values.repeat))));
    });
  }
  if (values.only !== 'pages') {
    await withServer(join(temporary, 'tail'), async (server) => {
      for (const rate of [1_000, 10_000]) findings.push(await measureTail(server, rate, Number(values.seconds)));
    });
  }
  console.log(formatFindings(machine, rows, findings));
  await saveResults(`explore-${rows}`, { machine, rows, findings });
  process.exitCode = findings.some((finding) => isMet(finding) === false) ? 1 : 0;
} finally {
  await rm(temporary, { recursive: true, force: true });
}
