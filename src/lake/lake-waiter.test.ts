import { afterAll, beforeAll, expect, test } from 'vitest';
import { planRetention } from '../ledger/expiring-rows.ts';
import { ingestFiles } from '../pipeline/ingest-files.ts';
import { header, lines, ScratchStore } from '../pipeline/test-doubles/scratch-store.ts';
import { exportHours } from './export-hours.ts';
import { FolderLake } from './folder-lake.ts';
import { lakeWaiter } from './lake-waiter.ts';

let scratch: ScratchStore;
beforeAll(async () => {
  scratch = await ScratchStore.open();
});
afterAll(() => scratch.close());

test('days whose hours the lake has not written as they are now are kept, but not for ever', async () => {
  const { engine } = scratch.store;
  const path = scratch.folder();
  const waiters = [lakeWaiter({ to: { type: 'folder', path }, tables: ['requests'] })];
  const forever = { seconds: null, bytes: null };
  const requests = { seconds: 10 * 86_400, bytes: null };
  const plan = async (day: number) => {
    const nowMs = Date.UTC(2026, 2, day);
    return (await planRetention(engine, { requests, logs: forever, rejects: forever }, waiters, nowMs)).expiring;
  };
  const write = async () => {
    const lake = new FolderLake({ type: 'folder', path });
    await lake.open();
    const options = { tables: ['requests'] as const, range: { fromMs: 0, toMs: Date.UTC(2027, 0, 1) }, mask: {} };
    await exportHours(engine, lake, options, new AbortController().signal);
    await lake.close();
  };
  const held = { table: 'requests', missingAt: [`lake ${path}`], isHeld: true };
  const free = { table: 'requests', missingAt: [], isHeld: false };

  await ingestFiles(scratch.store, [scratch.file('one.log', header + lines(3))]);
  expect(await plan(12)).toMatchObject([held]);
  expect(await plan(20)).toMatchObject([{ ...held, isHeld: false }]);
  await write();
  expect(await plan(12)).toMatchObject([free]);
  await ingestFiles(scratch.store, [scratch.file('late.log', header + lines(2, 'late'))]);
  expect(await plan(12)).toMatchObject([held]);
  await write();
  expect(await plan(12)).toMatchObject([free]);
});
