import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { filesWith } from '../../test/search-parts.ts';
import type { Engine } from '../engine/engine.ts';
import { ingestFiles } from '../pipeline/ingest-files.ts';
import { header, ScratchStore } from '../pipeline/test-doubles/scratch-store.ts';
import { RollupKeeper } from '../rollups/keep-rollups.ts';
import { finishForgets } from './finish-forgets.ts';
import { countViewer, forgetViewer } from './forget-viewer.ts';
import { isSound, verifyStore } from './verify/verify-store.ts';
import { viewerParams } from './viewer-conditions.ts';

let scratch: ScratchStore;
let engine: Engine;
let paths: string[];

const viewer = { address: '203.0.113.77' };
const record = { subject: 'a'.repeat(64), by: 'ann@tide', rule: 'client_ip' };
const addresses = ['203.0.113.77', '203.0.113.7', '1.203.0.113', '203.0.113.78'];

beforeEach(async () => {
  scratch = await ScratchStore.open();
  ({ engine } = scratch.store);
  const line = (day: string, ip: string, at: number) =>
    `${day}\t10:00:0${at % 10}\tFRA56-P4\t1\t${ip}\tGET\td1.cloudfront.net\t/${at}\t200\tid-${day}-${at}\n`;
  const texts = ['2026-03-01', '2026-03-02'].map(
    (day) =>
      header +
      Array.from({ length: 40 }, (_, at) => line(day, addresses[at % 4] ?? '', at)).join('') +
      'no line of it: 203.0.113.77:443\nno line of it: 203.0.113.7\n',
  );
  const logs = ['203.0.113.77 logged in', 'nobody at 203.0.113.7'].map(
    (msg) => `{"level":"info","time":"2026-03-01T10:00:00Z","msg":"${msg}"}\n`,
  );
  const attribute = `{"level":"info","time":"2026-03-01T10:00:00Z","msg":"out","peer":"::ffff:203.0.113.77"}\n`;
  paths = [
    ...texts.map((text, day) => scratch.file(`${day}.log`, text)),
    scratch.file('app.log', logs.join('') + attribute),
  ];
  expect(await ingestFiles(scratch.store, paths)).toMatchObject({ failed: [], rows: 83, rejected: 4 });
});

async function sumUp(): Promise<void> {
  const rollups = new RollupKeeper(engine);
  await rollups.look();
  await rollups.look();
}

afterEach(() => scratch.close());

const onDisk = () => filesWith(join(scratch.root, 'store'), viewer.address);
const found = { requests: 20, logs: 2, rejects: 2, rollups: 4 };

test('a viewer is gone from all tables and from the disk, others are not, and the books balance', async () => {
  await sumUp();
  expect(await countViewer(engine, viewer)).toEqual(found);
  expect((await onDisk()).length).toBeGreaterThan(0);
  expect(await forgetViewer(engine, viewer, record)).toEqual(found);
  expect(await countViewer(engine, viewer)).toEqual({ requests: 0, logs: 0, rejects: 0, rollups: 0 });
  expect(await onDisk()).toEqual([]);
  expect(
    await engine.rows({
      sql: `SELECT (SELECT count() FROM requests) AS requests, (SELECT count() FROM logs) AS logs, (SELECT count() FROM rejects) AS rejects`,
    }),
  ).toEqual([{ requests: 60, logs: 1, rejects: 2 }]);
  const verified = await verifyStore(engine);
  expect(isSound(verified)).toBe(true);
  const others = { deleted: 0, lost: 0, unrecorded: 0 };
  expect(verified.accounts).toEqual([
    { table: 'requests', received: 80, stored: 60, forgotten: 20, ...others },
    { table: 'logs', received: 3, stored: 1, forgotten: 2, ...others },
    { table: 'rejects', received: 4, stored: 2, forgotten: 2, ...others },
  ]);
  expect(await engine.rows({ sql: 'SELECT by, rule, requests, logs, rejects, state FROM forgets FINAL' })).toEqual([
    { by: 'ann@tide', rule: 'client_ip', requests: 20, logs: 2, rejects: 2, state: 'done' },
  ]);
  expect(await engine.rows({ sql: 'SELECT -sum(lines) AS forgotten FROM corrections WHERE forget != 0' })).toEqual([
    { forgotten: 24 },
  ]);
  // The same files do not bring the viewer back.
  expect(await ingestFiles(scratch.store, paths)).toMatchObject({ rows: 0 });
  expect(await forgetViewer(engine, viewer, record)).toEqual({ requests: 0, logs: 0, rejects: 0, rollups: 0 });
  await sumUp();
  expect(await onDisk()).toEqual([]);
});

test('only what is before a time, and a whole network', async () => {
  // Not the longer addresses that begin with it.
  expect(await countViewer(engine, { address: '203.0.113.7' })).toMatchObject({ requests: 20, logs: 1, rejects: 2 });
  const beforeMs = Date.UTC(2026, 2, 2);
  expect(await forgetViewer(engine, { ...viewer, beforeMs }, record)).toMatchObject({ requests: 10 });
  expect(await countViewer(engine, viewer)).toMatchObject({ requests: 10 });
  expect(await forgetViewer(engine, { address: '203.0.113.0/24' }, record)).toMatchObject({ requests: 50 });
  expect(await engine.rows({ sql: 'SELECT DISTINCT client_ip FROM requests' })).toEqual([{ client_ip: '1.203.0.113' }]);
  expect(isSound(await verifyStore(engine))).toBe(true);
});

test('what a killed process has listed is deleted later, without the address, and counted once', async () => {
  const statements: string[] = [];
  const cut = {
    ...engine,
    kind: engine.kind,
    rows: engine.rows.bind(engine),
    run: async (statement: Parameters<Engine['run']>[0]) => {
      statements.push(statement.sql);
      if (statement.sql.startsWith('ALTER TABLE requests DELETE')) throw new Error('killed');
      await engine.run(statement);
    },
  };
  await expect(forgetViewer(cut as Engine, viewer, record)).rejects.toThrow('killed');
  expect(await countViewer(engine, viewer)).toMatchObject({ requests: 20, rollups: 0 });
  await finishForgets(engine);
  await finishForgets(engine);
  expect(await countViewer(engine, viewer)).toEqual({ requests: 0, logs: 0, rejects: 0, rollups: 0 });
  expect(isSound(await verifyStore(engine))).toBe(true);
  expect(await onDisk()).toEqual([]);
});

test('what is neither an address nor a network is refused', () => {
  for (const address of [
    '',
    '203.0.113',
    '203.0.113.7/33',
    '203.0.113.7/0',
    '203.0.113.7/x',
    'localhost',
    '::1/129',
    '1.2.3.4/8/9',
  ]) {
    expect(() => viewerParams({ address })).toThrow(/cannot forget/);
  }
  expect(viewerParams({ address: '2001:DB8:0:0::1' })).toMatchObject({
    forms: ['2001:DB8:0:0::1', '2001:db8:0:0::1', '2001:db8::1', '2001:DB8::1'],
    is_network: false,
  });
});
