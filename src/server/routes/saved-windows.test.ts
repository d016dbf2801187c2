import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { patienceMs } from '../../../test/patience.ts';
import type { Engine } from '../../engine/engine.ts';
import { announceClosedBatch } from '../../ledger/batch-closed.ts';
import { newBatchId } from '../../ledger/batch-id.ts';
import { ScratchStore } from '../../pipeline/test-doubles/scratch-store.ts';
import { classicQueries } from '../../windows/classic-queries.ts';
import { Windows } from '../../windows/run-windows.ts';
import { closeRows, storeRows } from '../../windows/test-doubles/loaded-batches.ts';
import type { WindowQuery } from '../../windows/window-query.ts';
import { createServer, type TailraceServer } from '../create-server.ts';
import { SavedWindows } from '../saved-windows.ts';

const operatorToken = 'token-of-operators-1';
const byViewer = {
  window: { type: 'tumbling', size: '60s' },
  sql: 'SELECT client_ip AS viewer, count() AS requests FROM requests GROUP BY viewer',
};
const [configured] = classicQueries as [WindowQuery];
const told: string[] = [];
const onEvent = (query: string, text: string) => told.push(`${query}: ${text}`);
let scratch: ScratchStore;
let engine: Engine;
let windows: Windows;
let saved: SavedWindows;
let server: TailraceServer;

beforeAll(async () => {
  scratch = await ScratchStore.open();
  engine = scratch.store.engine;
  windows = new Windows({ engine, spoolDirectory: join(scratch.root, 'store', 'spool', 'w'), onEvent }, []);
  saved = await SavedWindows.open({ engine, windows, onEvent }, [configured]);
  server = await createServer({
    engine,
    config: { host: '127.0.0.1', port: 0, operatorToken },
    version: '1',
    consoleFolder: '/none',
    windows: () => windows.status(),
    savedWindows: () => saved,
  });
});
afterAll(async () => {
  await server.stop(0);
  await saved.stop();
  await windows.stop();
  await scratch.close();
});

async function send(method: 'PUT' | 'DELETE', name: string, body?: object, token = operatorToken) {
  const answer = await server.app.inject({
    method,
    url: `/api/windows/${name}`,
    headers: { authorization: `Bearer ${token}`, host: '127.0.0.1' },
    ...(body === undefined ? {} : { payload: body }),
  });
  return { status: answer.statusCode, body: answer.json() };
}
const names = async () => {
  const { windows } = (await server.app.inject('/api/windows')).json() as { windows: Record<string, string>[] };
  return windows.map(({ name, origin }) => `${name} ${origin}`);
};
const namesOf = (queries: readonly WindowQuery[]) => queries.map(({ name }) => name);
/** As a process that starts now, or another worker, has them. */
async function openElsewhere(kind: Engine['kind']) {
  let applied: readonly WindowQuery[] = [];
  const apply = async (queries: readonly WindowQuery[]) => {
    applied = queries;
  };
  const opened = await SavedWindows.open(
    {
      engine: { kind, rows: (statement) => engine.rows(statement) } as Engine,
      ...{ windows: { apply }, onEvent },
    },
    [configured],
  );
  return { opened, names: () => namesOf(applied) };
}

test('a saved query is answered at once and after a restart, changed, and deleted without its results', async () => {
  const worker = await openElsewhere('server');
  expect((await send('PUT', 'by_viewer', byViewer, 'wrong-token-000000')).status).toBe(401);
  expect(await send('PUT', 'by_viewer', byViewer)).toMatchObject({
    status: 200,
    body: { name: 'by_viewer', origin: 'api', table: 'windows_by_viewer', latenessMs: 600_000 },
  });
  expect(await names()).toEqual(['bot_detection configuration', 'by_viewer api']);

  const minute = Math.floor(Date.now() / 60_000) * 60_000 - 600_000;
  const rows = [0, 1, 70_000].map((ms) => ({ timeMs: minute + ms, viewer: 'a', bytes: 1 }));
  const batch = newBatchId();
  await storeRows(engine, batch, rows);
  await closeRows(engine, batch, 'edge', rows);
  announceClosedBatch(engine);
  const results = () =>
    engine
      .rows({ sql: 'SELECT viewer, requests FROM windows_by_viewer ORDER BY window_start LIMIT 1' })
      .catch(() => []);
  await expect.poll(results, { timeout: patienceMs }).toEqual([{ viewer: 'a', requests: 2 }]);

  const again = await openElsewhere('embedded');
  expect(again.names()).toEqual(['bot_detection', 'by_viewer']);
  const changed = { ...byViewer, window: { type: 'tumbling', size: '10s' } };
  expect((await send('PUT', 'by_viewer', changed)).body).toMatchObject({ window: { sizeMs: 10_000 } });
  await expect.poll(worker.names, { timeout: patienceMs }).toEqual(['bot_detection', 'by_viewer']);
  expect(await send('DELETE', 'by_viewer')).toEqual({ status: 200, body: { deleted: 'by_viewer' } });
  expect(await names()).toEqual(['bot_detection configuration']);
  expect(await results()).toHaveLength(1);
  await expect.poll(worker.names, { timeout: patienceMs }).toEqual(['bot_detection']);
  expect((await send('DELETE', 'by_viewer')).status).toBe(404);
  expect((await openElsewhere('embedded')).names()).toEqual(['bot_detection']);
  await worker.opened.stop();
});

test('the configuration wins, and what it has is not changed', async () => {
  expect((await send('PUT', 'bot_detection', byViewer)).body.error.message).toContain('a query of the configuration');
  expect((await send('DELETE', 'bot_detection')).status).toBe(409);
  await send('PUT', 'mine', byViewer);
  await saved.apply([configured, { ...configured, name: 'mine' }]);
  expect(await names()).toEqual(['bot_detection configuration', 'mine configuration']);
  expect(told).toEqual([expect.stringMatching(/^mine: the configuration has a query of this name/)]);
  await saved.apply([configured]);
  expect(await names()).toEqual(['bot_detection configuration', 'mine api']);
});

test.each([
  ['x', { ...byViewer, outputs: [{ type: 'file', path: './x' }] }, /cannot use key "outputs"/],
  ['x', { ...byViewer, sql: 'SELECT nothing FROM requests' }, /nothing/],
  ['x', { ...byViewer, sql: "SELECT * FROM file('/etc/passwd')" }, /cannot/],
  ['x', {}, /"window" is missing; add/],
  ['X-1', byViewer, /cannot use name "X-1"/],
])('%s %j is refused with what to do, and not kept', async (name, definition, problem) => {
  const { status, body } = await send('PUT', name, definition);
  expect([status, body.error.message]).toEqual([400, expect.stringMatching(problem)]);
  expect((await names()).join()).not.toContain(`${name} `);
});
