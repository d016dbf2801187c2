import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { countParquetRows } from '../../src/destinations/parquet-rows.ts';
import { storeRandomRequests } from '../../src/reports/test-doubles/random-requests.ts';
import { openStore } from '../../src/store/open-store.ts';
import { copyPreparedStore } from '../prepared-store.ts';
import { startProgram } from './program.ts';

/** More in a campaign: TAILRACE_LAKE_KILLS=60. */
const kills = Number(process.env.TAILRACE_LAKE_KILLS ?? 2);
const hours = 12;
const rowsOfRound = 600;

test(`an export that is killed ${kills} times leaves no half file, and nothing missing or twice`, async () => {
  const root = mkdtempSync(join(tmpdir(), 'tailrace-killed-lake-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const directory = copyPreparedStore(join(root, 'store'));
  const lake = join(root, 'lake');
  const exportLake = (...more: string[]) => startProgram(['lake', 'export', lake, '--store', directory, ...more]);
  /** Rows of every file that a reader sees, each of which must be whole. */
  const rowsInLake = async () => {
    let rows = 0;
    for (const name of readdirSync(lake, { recursive: true, encoding: 'utf8' })) {
      if (name.startsWith('requests') && name.endsWith('.parquet')) rows += await countParquetRows(join(lake, name));
    }
    return rows;
  };
  const addRows = async (round: number) => {
    const store = await openStore({ directory });
    await storeRandomRequests(store.engine, {
      first: round * rowsOfRound,
      count: rowsOfRound,
      hours,
      batch: round + 1,
    });
    await store.close();
  };

  await addRows(0);
  for (let kill = 1; kill <= kills; kill++) {
    const before = kill === 1 ? 0 : await rowsInLake();
    const running = exportLake();
    // Rows of a day are told when they are recorded; before that each file appears by itself.
    const deadline = Date.now() + 60_000;
    const isKilled = running.ended.then(() => true);
    while (Date.now() < deadline && !(await Promise.race([isKilled, sleep(5, false)]))) {
      const found = await rowsInLake().catch(() => 0);
      if (found !== before && Math.random() < 0.3) break;
    }
    running.kill('SIGKILL');
    await running.ended;
    const rows = await rowsInLake();
    expect(rows).toBeGreaterThanOrEqual(before);
    expect(rows).toBeLessThanOrEqual(kill * rowsOfRound);
    await addRows(kill);
  }
  const last = await exportLake('--json').ended;
  expect(last.code).toBe(0);
  expect(await rowsInLake()).toBe((kills + 1) * rowsOfRound);
  expect(JSON.parse((await exportLake('--json').ended).stdout)).toMatchObject({
    hours: 0,
    current: hours,
    problems: [],
  });
  expect(readdirSync(lake).sort()).toEqual(['requests']);
});
