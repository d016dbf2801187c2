import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ScratchStore } from '../../pipeline/test-doubles/scratch-store.ts';
import { classicQueries } from '../../windows/classic-queries.ts';
import { noCounts } from '../../windows/run-query.ts';
import type { WindowStatus } from '../../windows/window-entry.ts';
import { createServer, type TailraceServer } from '../create-server.ts';
import { FileIngests } from '../file-ingests.ts';

let scratch: ScratchStore;
let server: TailraceServer;
let url: string;
let own: Record<string, string>;

/** Another worker answers and sends. */
const standby = classicQueries.map(
  (query): WindowStatus => ({
    ...{ query, state: 'standby', activeFeeds: 0, counts: { ...noCounts, failures: 0 } },
    outputs: [
      { type: 'webhook', name: 'https://hooks.example.com/w', state: 'standby', waiting: 0, sent: 0, failures: 0 },
    ],
  }),
);

beforeAll(async () => {
  scratch = await ScratchStore.open();
  const config = { host: '127.0.0.1', port: 0 };
  const { engine } = scratch.store;
  // As processes of the same user know it.
  const fileIngests = new FileIngests(scratch.store, join(scratch.spoolDirectory, '.ingest'));
  own = { authorization: `Bearer ${fileIngests.token}` };
  const windows = () => standby;
  server = await createServer({ engine, config, version: '1', consoleFolder: '/none', windows, fileIngests });
  url = await server.listen();
});
afterAll(async () => {
  await server.stop(0);
  await scratch.close();
});

test('a worker that does not send shows the windows of the store that were given up, and lets them be sent once more', async () => {
  const attempt = (key: number, number: number, state: string) =>
    `('top_talkers https://hooks.example.com/w', '${key}', ${number}, '${state}', 'it answered 400', now64(3))`;
  const attempts = [
    ...Array.from({ length: 30 }, (_, index) => attempt(index + 1, 2, 'dead')),
    ...[attempt(7, 1, 'failed'), attempt(30, 3, 'delivered'), attempt(31, 1, 'failed')],
  ];
  await scratch.store.engine.run({ sql: `INSERT INTO window_deliveries VALUES ${attempts.join(', ')}` });
  const get = async (path: string) => (await fetch(`${url}${path}`)).json();
  const replay = (query: string, headers = own) =>
    fetch(`${url}/api/windows/${query}/replay`, { method: 'POST', headers });
  const { windows } = (await get('/api/windows')) as { windows: { outputs: { dead: number }[] }[] };
  expect(windows.map(({ outputs }) => outputs[0]?.dead)).toEqual([0, 0, 29]);
  const one = (await get('/api/windows/top_talkers')) as { outputs: { deadLetters: object[] }[] };
  expect(one.outputs[0]?.deadLetters).toHaveLength(20);
  expect(one.outputs[0]?.deadLetters[0]).toMatchObject({ sequence: 29, attempts: 2, problem: 'it answered 400' });
  const metric = 'tailrace_windows_output_dead{query="top_talkers",output="https://hooks.example.com/w"}';
  expect(await (await fetch(`${url}/metrics`)).text()).toContain(`${metric} 29\n`);

  expect((await replay('top_talkers', {})).status).toBe(401);
  expect((await replay('top_talker')).status).toBe(404);
  expect(await (await replay('bot_detection')).json()).toEqual({ windows: 0 });
  expect(await (await replay('top_talkers')).json()).toEqual({ windows: 29 });
  expect(await (await replay('top_talkers')).json()).toEqual({ windows: 0 });
  expect(await get('/api/windows/top_talkers')).toMatchObject({ outputs: [{ dead: 0, deadLetters: [] }] });
  expect(await (await fetch(`${url}/metrics`)).text()).toContain(`${metric} 0\n`);
});
