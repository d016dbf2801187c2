import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { patienceMs } from '../patience.ts';
import { runProgram, startProgram } from './program.ts';
import { makeScratchFolder } from './scratch-folder.ts';

const always = { condition: { type: 'threshold', above: 0 }, every: '1h', delay: '0s' };

test('what a killed program has not told is told by the next one under the same key, and the command line sees it all', async () => {
  const folder = makeScratchFolder();
  const keys: unknown[] = [];
  let isAnswering = false;
  const server = createServer(async (request, response) => {
    keys.push(request.headers['idempotency-key']);
    await text(request);
    if (isAnswering) response.writeHead(request.url === '/gone' ? 404 : 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = {
    server: { port: 0 },
    notifications: { hook: { type: 'webhook', url }, gone: { type: 'webhook', url: `${url}/gone` } },
    alerts: {
      always: { ...always, sql: 'SELECT 1 AS value', notify: ['hook'] },
      dead: { ...always, sql: 'SELECT 2 AS value', notify: ['gone'], severity: 'critical' },
    },
  };
  writeFileSync(join(folder, 'tailrace.yaml'), JSON.stringify(config));
  const alerts = async (...words: string[]) => {
    const { code, stdout, stderr } = await runProgram(['alerts', ...words], { cwd: folder });
    expect(code, stderr).toBe(0);
    return stdout;
  };
  const seen = (name: string) => keys.filter((key) => String(key).startsWith(name));

  const first = startProgram(['up'], { cwd: folder });
  onTestFinished(() => first.kill('SIGKILL'));
  await first.says(/listens on/);
  await vi.waitFor(() => expect(seen('always').length).toBe(1), { timeout: patienceMs });
  first.kill('SIGKILL');
  await first.ended;

  isAnswering = true;
  const second = startProgram(['up'], { cwd: folder });
  onTestFinished(() => second.kill('SIGKILL'));
  await second.warns(/gone: the message dead-\S+-firing is given up: .*404.*tailrace alerts replay/);
  await vi.waitFor(() => expect(seen('always').length).toBe(2), { timeout: patienceMs });
  expect(new Set(seen('always')).size).toBe(1);
  const list = await alerts();
  expect(list).toMatch(
    /^firing {3}critical dead, value 2, threshold 0\n {2}firing since \S+ \S+Z\nfiring {3}warning {2}always, value 1/,
  );
  expect(list).toMatch(/\nnot delivered to gone after 1 attempt: dead-/);
  expect(await alerts('silence', 'alert=al*', '--for', '2h', '--author', 'me')).toMatch(/^silence \w+ until /);
  const [, id = ''] = /silence (\w+) until .*: alert=al\* \(me\)/.exec(await alerts('list')) ?? [];
  expect(await alerts('silence', '--end', id)).toBe(`the silence ${id} has ended\n`);
  const before = seen('dead').length;
  expect(await alerts('replay', 'gone')).toBe('1 message is sent once more\n');
  await vi.waitFor(() => expect(seen('dead').length).toBe(before + 1), { timeout: patienceMs });
  second.kill('SIGTERM');
  await second.ended;

  expect(await alerts('show', 'always')).toMatch(
    /^always: firing, warning, value 1.*\nSELECT 1 AS value\n.* firing .*; told hook that it is firing/s,
  );
  const tested = JSON.parse(await alerts('test', 'always', '--from', '2026-11-01', '--to', '2026-11-02', '--json'));
  expect(tested).toMatchObject({
    evaluations: 25,
    problems: [],
    entries: [{ message: { status: 'firing', startsAt: '2026-11-01T00:00:00.000Z' } }],
  });
  const wrong = await runProgram(['alerts', 'show', 'alwys'], { cwd: folder });
  expect([wrong.code, wrong.stderr]).toEqual([
    2,
    expect.stringMatching(/there is no alert "alwys"; did you mean always\?/),
  ]);
});
