import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyPreparedStore } from '../prepared-store.ts';
import { askServer } from './ask-server.ts';
import { copyStore, damageTable, type Flaw, flaws, partFolders } from './damage.ts';
import { writeFlawedLogs } from './flawed-logs.ts';
import { queryStore, runProgram, startProgram } from './program.ts';
import { makeScratchFolder } from './scratch-folder.ts';

let folder: string;
let logs: string;
let whole: string;
let content: readonly object[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tailrace-damage-'));
  whole = copyPreparedStore(join(folder, 'store'));
  ({ folder: logs } = await writeFlawedLogs(folder, 4000, 7));
  writeFileSync(join(logs, 'app.log'), '{"level":"info","time":1700000000000,"msg":"once"}\n'.repeat(300));
  expect(await runProgram(['ingest', '--store', whole, '--quiet', logs])).toMatchObject({ code: 0, stderr: '' });
  content = await readContent(whole);
  expect(content.length).toBeGreaterThan(4000);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** All that a store has of the logs, and how often. */
function readContent(store: string): Promise<object[]> {
  return queryStore(
    store,
    `SELECT * FROM (
     SELECT 'row' AS what, request_id AS key, toString(count()) AS value FROM requests GROUP BY key
     UNION ALL SELECT 'log', filename, toString(count()) FROM logs GROUP BY filename
     UNION ALL SELECT 'reject', concat(origin, ':', toString(line_number)), line FROM rejects
     UNION ALL SELECT 'ledger', origin, toString((bytes, lines, rows, rejected, comments)) FROM ledger
     ) ORDER BY what, key, value`,
  );
}

function damagedCopy(tables: readonly string[], flaw: Flaw): string {
  const store = join(makeScratchFolder(), 'store');
  copyStore(whole, store);
  for (const table of tables) damageTable(store, table, flaw);
  return store;
}

/** Repairs a store, stores the logs again, and holds it to have all of them once. @returns what the repair did */
async function repairAndStoreAgain(store: string): Promise<{ restoredRows: number; takenBack: unknown[] }> {
  const repaired = await runProgram(['verify', '--store', store, '--repair', '--json']);
  expect(repaired).toMatchObject({ code: 0, stderr: '' });
  const { fine, parts, batches, ledgerLoss, repair } = JSON.parse(repaired.stdout);
  expect({ fine, lost: repair.lost, surplus: repair.surplus }).toEqual({ fine: true, lost: {}, surplus: {} });
  expect(parts.length + batches.length + (ledgerLoss === null ? 0 : 1)).toBeGreaterThan(0);
  expect(await runProgram(['ingest', '--store', store, '--quiet', logs])).toMatchObject({ code: 0, stderr: '' });
  expect(await readContent(store)).toEqual(content);
  return repair;
}

const everyFlaw = Object.keys(flaws) as Flaw[];
/** Rows have every flaw always; the repair of the ledger is the same after each, but for what is noticed when. */
const flawsOfLedger: readonly Flaw[] =
  process.env.TAILRACE_DAMAGE === 'all' ? everyFlaw : ['a folder that is gone', 'three flipped bytes of a column'];
/** Detected when it is read or verified, but not when the store is opened. */
const inside: Flaw = 'three flipped bytes of a column';

test('a whole store is opened without a word, and verified', async () => {
  expect(await runProgram(['query', '--store', whole, 'SELECT 1'])).toMatchObject({ code: 0, stderr: '' });
  const { code, stdout } = await runProgram(['verify', '--store', whole]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/\neverything is there\n$/) });
});

test.each(everyFlaw)('parts of rows and rejects with %s are noticed, and repaired', async (flaw) => {
  const tables = ['requests', 'logs', 'rejects'];
  const store = damagedCopy(tables, flaw);
  if (flaw !== inside) {
    const { code, stderr } = await runProgram(['query', '--store', store, 'SELECT 1']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^tailrace: the store is damaged: .*; stop what has it open and run "tailrace verify"\n$/);
    for (const table of tables) {
      expect(stderr).toMatch(new RegExp(`${table}: [\\d,]+ of [\\d,]+ (rows|lines) are missing; `));
      if (flaw !== 'a folder that is gone') expect(stderr).toContain(`${table}: 1 part could not be read`);
    }
  }
  const { restoredRows, takenBack } = await repairAndStoreAgain(store);
  const canBeRead = flaw === 'three flipped bytes of checksums.txt';
  expect({ isRestored: restoredRows > 0, isTakenBack: takenBack.length > 0 }).toEqual({
    isRestored: canBeRead,
    isTakenBack: !canBeRead,
  });
});

test.each(flawsOfLedger)('a ledger with %s has nothing stored twice or taken back, and is repaired', async (flaw) => {
  const store = damagedCopy(['ledger'], flaw);
  if (flaw !== inside) {
    const { code, stdout, stderr } = await runProgram(['ingest', '--store', store, logs]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /tailrace: cannot store anything: the ledger is damaged, \d+ of \d+ objects are missing; run "tailrace verify --repair"\n$/,
    );
  }
  const { takenBack } = await repairAndStoreAgain(store);
  expect(takenBack).toEqual([]);
});

test('verify says what is wrong, and how to have it repaired', async () => {
  const store = damagedCopy(['requests'], 'an empty count.txt');
  const found = await runProgram(['verify', '--store', store]);
  expect(found).toMatchObject({ code: 1, stderr: '' });
  expect(found.stdout).toMatch(/\nparts that are damaged:\n {2}requests broken-on-start_\w+: it could not be read /);
  expect(found.stdout).toMatch(/\n {2}\/.*: \d+ of [\d,]+ in requests\n/);
  expect(found.stdout).toMatch(/\ndamaged\n\ntailrace verify --repair repairs /);
  const repaired = await runProgram(['verify', '--store', store, '--repair']);
  expect(repaired).toMatchObject({ code: 0, stderr: '' });
  expect(repaired.stdout).toMatch(/\nrepaired: .*objects were taken back, to be stored again\n/);
  expect(repaired.stdout).toContain(`\nstore them again: tailrace ingest ${logs}/\n`);
});

test('a store with hundreds of damaged parts is opened too', async () => {
  const many = makeScratchFolder();
  const store = copyPreparedStore(join(many, 'store'));
  const line = (day: number) =>
    `${new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10)}\t10:00:00\t/\t200\n`;
  const days = Array.from({ length: 150 }, (_, day) => line(day)).join('');
  writeFileSync(join(many, 'days.log'), `#Fields: date time cs-uri-stem sc-status\n${days}`);
  expect(await runProgram(['ingest', '--store', store, '-q', join(many, 'days.log')])).toMatchObject({ code: 0 });
  for (const part of partFolders(store, 'requests')) flaws['three flipped bytes of checksums.txt'](part);
  const { code, stderr } = await runProgram(['query', '--store', store, 'SELECT 1']);
  expect(code).toBe(0);
  expect(stderr).toContain('requests: 150 parts could not be read');
  expect(stderr).toContain('requests: 150 of 150 rows are missing');
});

test('a server says so: on standard error, in /readyz, /metrics, the range and the events', async () => {
  const store = damagedCopy(['requests'], 'three flipped bytes of checksums.txt');
  const server = startProgram(['up', '--store', store, '--port', '0'], { cwd: makeScratchFolder() });
  const [, url = ''] = await server.says(/listens on (\S+)/);
  const ready = await fetch(`${url}/readyz`);
  expect({ status: ready.status, body: await ready.json() }).toEqual({ status: 200, body: { status: 'degraded' } });
  expect(await (await fetch(`${url}/metrics`)).text()).toContain('\ntailrace_store_damaged 1\n');
  const { damage } = (await (await fetch(`${url}/api/range`)).json()) as { damage: string[] };
  expect(damage).toContain('requests: 1 part could not be read and was put aside');
  expect(await askServer(url, 'SELECT name, detail FROM events')).toEqual([
    { name: 'store_damaged', detail: damage.join('; ') },
  ]);
  server.kill('SIGTERM');
  const { code, stderr } = await server.ended;
  expect(code).toBe(0);
  expect(stderr).toContain(`tailrace: the store is damaged: ${damage.join('; ')}; `);
});
