import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockDirectory } from './directory-lock.ts';
import { processStart } from './process-start.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tailrace-lock-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const locked = expect.objectContaining({
  code: 'TAILRACE_STORE_LOCKED',
  message: expect.stringContaining(`${process.pid}`),
});

test('a second taker is told who has it, until it is released', () => {
  const release = lockDirectory(directory);
  expect(() => lockDirectory(directory)).toThrow(locked);
  release();
  release();
  lockDirectory(directory)();
  expect(readdirSync(directory)).toEqual([]);
});

test.each<[why: string, owner: string]>([
  ['a process that is gone', JSON.stringify({ pid: 2 ** 22 + 1, start: 'x 1', host: hostname(), id: 'a' })],
  ['another process with the same pid', JSON.stringify({ pid: process.pid, start: 'x 1', host: hostname(), id: 'a' })],
  ['another host', JSON.stringify({ pid: process.pid, start: processStart(process.pid), host: 'elsewhere', id: 'a' })],
  ['nobody who can be read', '{"pid":'],
  ['something else', '[]'],
])('the lock of %s is taken over', (_, owner) => {
  writeFileSync(join(directory, 'lock'), owner);
  const release = lockDirectory(directory);
  expect(JSON.parse(readFileSync(join(directory, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
  release();
});

test('a live process is recognised', () => {
  const owner = { pid: process.pid, start: processStart(process.pid), host: hostname(), id: 'a' };
  writeFileSync(join(directory, 'lock'), JSON.stringify(owner));
  expect(() => lockDirectory(directory)).toThrow(locked);
});

const taker = `
  import { lockDirectory } from ${JSON.stringify(fileURLToPath(new URL('./directory-lock.ts', import.meta.url)))};
  import { appendFileSync } from 'node:fs';
  const [directory, begin] = process.argv.slice(1);
  while (Date.now() < Number(begin));
  for (let i = 0; i < 40; i++) {
    try {
      const release = lockDirectory(directory);
      appendFileSync(directory + '/log', 'in\\n');
      appendFileSync(directory + '/log', 'out\\n');
      if (i % 3) release();
      else process.kill(process.pid, 'SIGKILL');
    } catch (error) {
      if (error.code !== 'TAILRACE_STORE_LOCKED') { console.error(error); process.exit(3); }
    }
  }
`;

test('of many that race, and die holding it, one has it at a time', async () => {
  const begin = String(Date.now() + 2500);
  const children = Array.from({ length: 6 }, () =>
    spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', taker, directory, begin], {
      stdio: 'inherit',
    }),
  );
  const exits = await Promise.all(children.map((child) => once(child, 'exit')));
  expect(exits.map(([code]) => code)).not.toContain(3);
  const log = existsSync(join(directory, 'log')) ? readFileSync(join(directory, 'log'), 'utf8') : '';
  expect(log).toMatch(/^(in\nout\n)+$/);
  lockDirectory(directory)();
  expect(readdirSync(directory).filter((name) => name !== 'log')).toEqual([]);
});
