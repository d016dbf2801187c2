import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copyPreparedStore } from '../prepared-store.ts';
import { oneRequest, writeOneLog } from './one-log.ts';
import { queryStore, runProgram, startProgram } from './program.ts';
import { makeScratchFolder } from './scratch-folder.ts';

const count = ['query', '--output', 'tsv', '--no-header', 'SELECT count() FROM requests'];

test('ingest, query, verify and top take the store of the configuration, and say which it is', async () => {
  const folder = makeScratchFolder();
  writeFileSync(join(folder, 'tailrace.yaml'), 'store: { path: ./elsewhere }\n');
  const told = `tailrace: the store is "${join(folder, 'elsewhere')}" (${join(folder, 'tailrace.yaml')})\n`;
  const here = { cwd: folder };
  expect(await runProgram(['ingest', '-q', writeOneLog(folder)], here)).toMatchObject({ code: 0, stderr: told });
  expect(readdirSync(folder).sort()).toEqual(['elsewhere', 'one.log', 'tailrace.yaml']);
  expect(await runProgram(count, here)).toMatchObject({ code: 0, stdout: '1\n', stderr: told });
  const verified = await runProgram(['verify', '--json'], here);
  expect(JSON.parse(verified.stdout)).toMatchObject({ store: join(folder, 'elsewhere'), fine: true });
  const server = startProgram(['up', '--port', '0'], here);
  await server.says(/listens on/);
  expect(JSON.parse((await runProgram(['top', '--json'], here)).stdout)).toMatchObject({
    pipelines: [{ name: 'http' }],
  });
  server.kill('SIGTERM');
  await server.ended;

  // A file that is named, from anywhere; the command line goes before it.
  const named = ['--config', join(folder, 'tailrace.yaml')];
  const elsewhere = { cwd: makeScratchFolder() };
  expect(await runProgram([...count, ...named], elsewhere)).toMatchObject({ stdout: '1\n', stderr: told });
  const other = await runProgram([...count, ...named, '--store', join(folder, 'none')], elsewhere);
  expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining(`cannot query "${join(folder, 'none')}"`) });
});

test('ingest hands its files to a running server, with the same result, and leaves nothing there', async () => {
  const folder = makeScratchFolder();
  const store = copyPreparedStore(join(folder, 'store'));
  const server = startProgram(['up', '--store', store, '--port', '0'], { cwd: folder });
  const [, url = ''] = await server.says(/listens on (\S+)/);
  const ingest = (...words: string[]) =>
    runProgram(['ingest', '--store', store, '--json', ...words], { cwd: folder, stdin: oneRequest });
  const log = writeOneLog(folder);
  const first = await ingest(log, join(folder, 'missing.log'));
  expect(first.code).toBe(1);
  expect(JSON.parse(first.stdout)).toMatchObject({
    ...{ files: 1, known: 0, lines: 3, rows: 1, rejected: 0, comments: 2 },
    failed: [{ path: join(folder, 'missing.log'), problem: 'no such file or folder; check the path' }],
  });
  expect(JSON.parse((await ingest(log)).stdout)).toMatchObject({ files: 0, known: 1, lines: 0 });
  const words = ['--exclude', 'index', '--format', 'cloudfront-standard', '-'];
  expect(JSON.parse((await ingest(...words)).stdout)).toMatchObject({ files: 1, rows: 0, excluded: 1 });
  expect(JSON.parse((await ingest('-')).stdout)).toMatchObject({ known: 1, lines: 0 });
  expect(await queryStore(store, 'SELECT count() AS n FROM requests')).toEqual([{ n: 1 }]);

  // No other user may have files read with the server's rights.
  const stranger = { method: 'POST', body: JSON.stringify({ paths: ['/etc/passwd'] }) };
  const json = { 'content-type': 'application/json' };
  expect((await fetch(`${url}/api/ingest`, { ...stranger, headers: json })).status).toBe(401);
  const guess = { ...json, authorization: 'Bearer 0123456789abcdef' };
  expect((await fetch(`${url}/api/ingest`, { ...stranger, headers: guess })).status).toBe(401);
  server.kill('SIGTERM');
  expect(await server.ended).toMatchObject({ code: 0 });
  expect(readdirSync(join(store, 'spool'))).toEqual([]);
});
