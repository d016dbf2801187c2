import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freezingLines } from '../../src/layouts/test-doubles/freezing-lines.ts';
import { copyPreparedStore } from '../prepared-store.ts';
import { queryStore, runProgram, startProgram } from './program.ts';
import { makeScratchFolder } from './scratch-folder.ts';

const count = 60;
const contents = freezingLines.map(([what, line]) => [what, `${line}\n`.repeat(count)] as const);

test('lines that once kept the program busy for ever are detected, ingested and sent', async () => {
  const folder = makeScratchFolder();
  const store = copyPreparedStore(join(folder, 'store'));
  const paths = contents.map(([, text], index) => {
    const path = join(folder, `${index}.log`);
    writeFileSync(path, text);
    return path;
  });
  for (const path of paths) expect(await runProgram(['detect', path])).toMatchObject({ code: 0 });
  expect(await runProgram(['ingest', '--store', store, ...paths])).toMatchObject({ code: 0 });
  const server = startProgram(['up', '--store', store, '--port', '0'], { cwd: folder });
  const [, url = ''] = await server.says(/listens on (\S+)/);
  for (const [what, body] of contents) {
    const sent = fetch(`${url}/ingest/ndjson?stream=${encodeURIComponent(what)}`, { method: 'POST', body });
    expect((await fetch(`${url}/healthz`)).status, what).toBe(200);
    expect(await (await sent).json(), what).toMatchObject({ lines: count, rows: count });
  }
  const lines = 2 * count * contents.length;
  expect(await queryStore(store, 'SELECT sum(lines) AS lines, sum(rows) AS rows FROM ledger')).toEqual([
    { lines, rows: lines },
  ]);
  server.kill('SIGTERM');
  expect(await server.ended).toMatchObject({ code: 0 });
});
