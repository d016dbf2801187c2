/**
 * Builds a store of a month of requests by the engine itself and measures what a user waits for: the panels of the
 * overview one after the other, the classic questions, and a needle in the hay.
 *
 *   npm run bench:100m -- [--rows 100000000] [--store DIR] [--repeat 3] [--build]
 *
 * `--store` keeps the store and uses it again; without it the store is temporary. `--build` only builds.
 * Needs the built program; 100 M rows need 8 GB of disk. Results go to bench/results/.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { formatFindings, isMet } from './findings.ts';
import { describeMachine } from './machine.ts';
import { buildMonth } from './month/build-month.ts';
import { measureMonth } from './month/measure-month.ts';
import { formatPanels } from './month/panels.ts';
import { saveResults } from './save-results.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000000' },
    store: { type: 'string' },
    repeat: { type: 'string', default: '3' },
    build: { type: 'boolean', default: false },
  },
});
const machine = describeMachine();
const temporary = values.store === undefined ? await mkdtemp(join(tmpdir(), 'tailrace-bench-month-')) : undefined;
const store = resolve(values.store ?? join(temporary ?? '', 'store'));

try {
  const month = await buildMonth(store, Number(values.rows));
  console.error(`${month.rows} rows, ${(month.storedBytes / 2 ** 30).toFixed(2)} GiB, in "${store}"`);
  if (!values.build) {
    const { panels, findings } = await measureMonth(store, Number(values.repeat));
    console.log(`${formatFindings(machine, month.rows, findings)}\n\n${formatPanels(panels)}`);
    await saveResults(`month-${month.rows}`, { machine, ...month, findings, panels });
    process.exitCode = findings.some((finding) => isMet(finding) === false) ? 1 : 0;
  }
} finally {
  if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
}
