import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { starterPack } from '../../src/alerts/starter-pack.ts';
import { header } from '../../src/pipeline/test-doubles/scratch-store.ts';
import { patienceMs } from '../patience.ts';
import { copyPreparedStore } from '../prepared-store.ts';
import { runProgram, startProgram } from './program.ts';
import { makeScratchFolder } from './scratch-folder.ts';

const patience = { timeout: patienceMs, interval: 200 };

test('windows that a receiver refused are sent once more by the command line, and an alert watches their results', async () => {
  const folder = makeScratchFolder();
  const received: { path: string; key: unknown; body: { status?: string; labels?: object; value?: number } }[] = [];
  let status = 400;
  const server = createServer(async (request, response) => {
    const { url: path = '', headers } = request;
    received.push({ path, key: headers['idempotency-key'], body: JSON.parse((await text(request)) || '{}') });
    response.writeHead(path === '/windows' ? status : 200).end('not mine');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const hook = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const logs = join(folder, 'logs');
  mkdirSync(logs);
  const store = copyPreparedStore(join(folder, 'store'));
  const config = {
    server: { port: 0 },
    store: { path: store },
    pipelines: { edge: { source: { type: 'files', paths: [join(logs, '*.log')] } } },
    windows: {
      talkers: {
        window: { type: 'tumbling', size: '5s' },
        idle: '1s',
        sql: 'SELECT client_ip AS viewer, count() AS requests FROM requests GROUP BY viewer',
        outputs: [{ type: 'webhook', url: `${hook}/windows` }],
      },
    },
    notifications: { oncall: { type: 'webhook', url: `${hook}/alerts` } },
    alerts: {
      ...Object.fromEntries(starterPack.map(({ name }) => [name, { enabled: false }])),
      'busy-window': {
        // As in docs/windows.md.
        sql: 'SELECT viewer, max(requests) AS value FROM windows_talkers WHERE window_end > {from} AND window_end <= {to} GROUP BY viewer',
        condition: { type: 'threshold', above: 10 },
        labels: ['viewer'],
        every: '10s',
        delay: '0s',
        over: '1h',
        notify: ['oncall'],
      },
    },
  };
  writeFileSync(join(folder, 'tailrace.yaml'), JSON.stringify(config));
  const windows = async (...words: string[]) => {
    const { code, stdout, stderr } = await runProgram(['windows', ...words], { cwd: folder });
    return { code, said: stdout + stderr };
  };
  const seen = (path: string) => received.filter((one) => one.path === path);

  const program = startProgram(['up'], { cwd: folder });
  onTestFinished(() => program.kill('SIGKILL'));
  await program.says(/listens on/);
  await vi.waitFor(
    async () => expect((await windows()).said).toMatch(/webhook \S+: running, 0 waiting, 0 given up/),
    patience,
  );
  const startMs = Math.floor(Date.now() / 10_000) * 10_000 - 20_000;
  writeFileSync(join(logs, 'a.log'), header + linesAt(startMs, 12) + linesAt(startMs + 5000, 13));
  await program.warns(/window 2 is given up: .*400.*"tailrace windows replay talkers"/);
  expect(await windows()).toMatchObject({
    code: 0,
    said: expect.stringMatching(
      /0 waiting, 2 given up\n {4}window 2 after 1 attempt: .*400, "not mine".*\n {4}window 1/,
    ),
  });
  await vi.waitFor(() => expect(seen('/alerts')).toHaveLength(1), patience);
  expect(seen('/alerts')[0]?.body).toMatchObject({ status: 'firing', labels: { viewer: '203.0.113.7' } });
  expect(seen('/alerts')[0]?.body.value).toBeGreaterThanOrEqual(12);

  expect(await windows('replay', 'talker')).toMatchObject({ code: 2, said: expect.stringContaining('write talkers') });
  expect(await windows('replay')).toMatchObject({ code: 2 });
  expect(await windows('replay', 'talkers', 'more')).toMatchObject({ code: 2 });
  const before = seen('/windows').length;
  // It refuses them once more.
  expect(await windows('replay', 'talkers')).toEqual({ code: 0, said: '2 windows are sent once more\n' });
  await vi.waitFor(
    async () => expect((await windows()).said).toMatch(/2 given up\n {4}window 2 after 3 attempts/),
    patience,
  );
  status = 200;
  expect(await windows('replay', 'talkers')).toMatchObject({ said: '2 windows are sent once more\n' });
  await vi.waitFor(async () => expect((await windows()).said).toMatch(/0 given up\n/), patience);
  await vi.waitFor(() => expect(seen('/windows')).toHaveLength(before + 4), patience);
  expect(new Set(seen('/windows').map(({ key }) => key))).toEqual(new Set(['window-talkers-1', 'window-talkers-2']));
  program.kill('SIGTERM');
  expect(await program.ended).toMatchObject({ code: 0 });
  expect(await windows('replay', 'talkers')).toEqual({ code: 0, said: '0 windows are sent once more\n' });
});

/** So many requests within a second. */
function linesAt(ms: number, count: number): string {
  const [day, time] = new Date(ms).toISOString().split('T');
  const fields = [day, time?.slice(0, 8), 'FRA56-P4', 100, '203.0.113.7', 'GET', 'd1.cloudfront.net', '/', 200];
  return Array.from({ length: count }, (_, line) => `${[...fields, `${ms}-${line}`].join('\t')}\n`).join('');
}
