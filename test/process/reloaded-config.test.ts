import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Message } from '../../src/alerts/message.ts';
import { patienceMs } from '../patience.ts';
import { copyPreparedStore } from '../prepared-store.ts';
import { startProgram } from './program.ts';
import { makeScratchFolder } from './scratch-folder.ts';

const query = (sql: string) => ({ window: { type: 'tumbling', size: '1s' }, sql });
const perHost = query('SELECT host, count() AS n FROM requests GROUP BY host');
const alert = (sql: string) => ({
  sql,
  every: '10s',
  keepFiring: '0s',
  condition: { type: 'threshold', above: 1 },
  notify: ['hook'],
});

test('windows, alerts, receivers and maintenance change while it runs; a faulty change leaves the old one running', async () => {
  const told: string[] = [];
  const receiver = createServer(async (request, response) => {
    const { alert, status, value } = JSON.parse(await text(request)) as Message;
    told.push(`${alert} ${status} ${value}`);
    response.end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void receiver.close());
  const hook = { type: 'webhook', url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/` };

  const folder = makeScratchFolder();
  const pack = ['server-errors', 'origin-errors', 'hit-ratio-drop', 'slow-first-byte', 'busy-viewer', 'bot-bytes'];
  const off = Object.fromEntries([...pack, 'freshness', 'rejects'].map((name) => [name, { enabled: false }]));
  // JSON is YAML.
  const configure = ({
    alerts,
    ...sections
  }: {
    readonly alerts?: object;
    readonly [section: string]: object | undefined;
  }) => writeFileSync(join(folder, 'tailrace.yaml'), JSON.stringify({ ...sections, alerts: { ...off, ...alerts } }));
  configure({ windows: { hosts: perHost, gone: perHost } });
  const server = startProgram(['up', '--store', copyPreparedStore(join(folder, 'store')), '--port', '0'], {
    cwd: folder,
  });
  const [, url = ''] = await server.says(/listens on (\S+)/);
  const get = async (path: string) => (await fetch(`${url}${path}`)).json();
  const windows = async () => {
    const { windows } = (await get('/api/windows')) as { windows: { name: string; sql: string; state: string }[] };
    return windows.map(({ name, sql, state }) => `${name} ${state} ${sql.slice(0, 11)}`);
  };
  const waitFor = (look: () => Promise<void> | void) => vi.waitFor(look, { timeout: patienceMs, interval: 100 });
  await waitFor(async () => expect(await windows()).toEqual(['hosts running SELECT host', 'gone running SELECT host']));

  configure({
    windows: { hosts: query('SELECT nothing FROM requests'), paths: query('SELECT path FROM requests') },
    alerts: { two: alert('SELECT 2 AS value') },
    notifications: { hook },
  });
  await server.warns(/hosts: .*nothing.*; it goes on as it was/);
  await server.warns(/taken over\n/);
  await waitFor(async () =>
    expect(await windows()).toEqual(['hosts running SELECT host', 'paths running SELECT path']),
  );
  const problemOf = async () => ((await get('/api/windows/hosts')) as { problem: string | null }).problem;
  expect(await problemOf()).toMatch(/its new configuration is refused: .*nothing.*; it goes on as it was/);
  await waitFor(() => expect(told).toEqual(['two firing 2']));

  // Nobody is told within the window of maintenance; what was told is told to be over, even so.
  configure({
    windows: { hosts: query('SELECT path, host FROM requests') },
    alerts: { two: alert('SELECT 0 AS value'), three: alert('SELECT 3 AS value') },
    notifications: { hook },
    maintenance: { always: { from: '2020-01-01T00:00Z', to: '2099-01-01T00:00Z', match: ['alert=three'] } },
  });
  await waitFor(async () => expect(await windows()).toEqual(['hosts running SELECT path']));
  expect(await problemOf()).toBe(null);
  await waitFor(() => expect(told).toEqual(['two firing 2', 'two resolved 0']));
  await waitFor(async () => expect(await get('/api/alerts/three')).toMatchObject({ alert: { state: 'firing' } }));

  configure({ alerts: { three: alert('SELECT 3 AS wrong') }, notifications: { hook } });
  await server.warns(/three: its new configuration cannot be evaluated: .*; it goes on as it was/);
  await waitFor(async () =>
    expect(await get('/api/alerts/three')).toMatchObject({
      alert: { problem: expect.stringMatching(/its new configuration cannot be evaluated: .*; it goes on as it was/) },
    }),
  );
  await waitFor(() => expect(told.at(-1)).toBe('three firing 3'));
  expect(await windows()).toEqual([]);
  server.kill('SIGTERM');
  expect(await server.ended).toMatchObject({ code: 0 });
});
