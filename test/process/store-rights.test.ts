import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeOneLog } from './one-log.ts';
import { queryStore, runProgram, startProgram } from './program.ts';
import { makeScratchFolder } from './scratch-folder.ts';

/** What other local users could read: a folder and everything below it. */
function openToOthers(folder: string): string[] {
  const below = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return [folder, ...below]
    .filter((path) => (statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o077)
    .slice(0, 5);
}

test('nothing of a store is for others, while it is filled, served and asked', async () => {
  const folder = makeScratchFolder();
  const store = join(folder, 'deep', 'store');
  expect(await runProgram(['ingest', '--quiet', '--store', store, writeOneLog(folder)])).toMatchObject({
    code: 0,
    stderr: '',
  });
  expect(openToOthers(join(folder, 'deep'))).toEqual([]);
  const piped = await runProgram(['ingest', '--quiet', '--store', store, '-'], { stdin: '{"message":"x"}\n' });
  expect(piped).toMatchObject({ code: 0, stderr: '' });
  const server = startProgram(['up', '--store', store, '--port', '0'], { cwd: folder });
  const [, url = ''] = await server.says(/listens on (\S+)/);
  await fetch(`${url}/ingest/ndjson`, { method: 'POST', body: '{"message":"y"}\n' });
  await queryStore(store, 'SELECT count() FROM logs');
  expect(openToOthers(store)).toEqual([]);
  server.kill('SIGTERM');
  expect(await server.ended).toMatchObject({ code: 0, stderr: '' });
});

test('a store that was open to others is closed when it is opened, which is told once', async () => {
  const folder = makeScratchFolder();
  const store = join(folder, 'store');
  await runProgram(['ingest', '--quiet', '--store', store, writeOneLog(folder)]);
  for (const path of [store, join(store, 'clickhouse'), join(store, 'spool')]) chmodSync(path, 0o755);
  const told = /^tailrace: the store ".*store" was open to other users of this machine; it is its owner's alone now/;
  const first = await runProgram(['query', '--store', store, 'SELECT 1']);
  expect(first).toMatchObject({ code: 0, stderr: expect.stringMatching(told) });
  expect(openToOthers(store)).toEqual([]);
  expect(await runProgram(['query', '--store', store, 'SELECT 1'])).toMatchObject({ code: 0, stderr: '' });
  chmodSync(store, 0o750);
  const server = startProgram(['up', '--store', store, '--port', '0'], { cwd: folder });
  await server.says(/listens on/);
  await server.warns(/was open to other users of this machine/);
  server.kill('SIGTERM');
  await server.ended;
});

test('a folder that holds more than a store keeps its rights; what is stored in it is closed', async () => {
  const folder = makeScratchFolder();
  const shared = join(folder, 'shared');
  mkdirSync(shared, { mode: 0o755 });
  writeFileSync(join(shared, 'index.html'), 'for everybody');
  const log = writeOneLog(folder);
  expect(await runProgram(['ingest', '--quiet', '--store', shared, log])).toMatchObject({ code: 0, stderr: '' });
  expect(statSync(shared).mode & 0o777).toBe(0o755);
  expect(openToOthers(join(shared, 'clickhouse'))).toEqual([]);
  for (const name of ['spool', 'config.xml', 'users.xml']) expect(statSync(join(shared, name)).mode & 0o077).toBe(0);
});

test('a report is for whom its user wants', async () => {
  const folder = makeScratchFolder();
  const page = join(folder, 'report.html');
  expect(await runProgram(['report', writeOneLog(folder), '-o', page])).toMatchObject({ code: 0 });
  expect(statSync(page).mode & 0o777).toBe(0o666 & ~process.umask());
});
