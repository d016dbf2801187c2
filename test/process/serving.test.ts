import { existsSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyPreparedStore } from '../prepared-store.ts';
import { writeOneLog } from './one-log.ts';
import { queryStore, runProgram, startProgram } from './program.ts';
import { makeScratchFolder } from './scratch-folder.ts';

describe('up', () => {
  let busy: ReturnType<typeof createServer>;
  beforeAll(async () => {
    busy = createServer();
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => busy.close(resolve)));

  test('answers query over HTTP, and ends with 0 on Ctrl-C', async () => {
    const folder = makeScratchFolder();
    const store = copyPreparedStore(join(folder, 'store'));
    expect(await runProgram(['ingest', '--store', store, writeOneLog(folder)])).toMatchObject({ code: 0 });
    const server = startProgram(['up', '--store', store, '--port', '0'], { cwd: folder });
    const [, url = ''] = await server.says(/listens on (\S+)/);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect(await queryStore(store, 'SELECT path, status FROM requests')).toEqual([
      { path: '/index.html', status: 200 },
    ]);
    const refused = await runProgram(['query', '--store', store, 'SELECT nothing FROM requests']);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^tailrace: cannot run the query: .*nothing/);
    server.kill('SIGINT');
    expect(await server.ended).toMatchObject({ code: 0 });
    expect(await queryStore(store, 'SELECT count() AS n FROM requests')).toEqual([{ n: 1 }]);
  });

  test('on a public address it wants a token, which the commands of its own user find', async () => {
    const folder = makeScratchFolder();
    const store = join(folder, 'store');
    const refused = await runProgram(['up', '--store', store, '--host', '0.0.0.0', '--port', '0'], { cwd: folder });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^tailrace: cannot listen on "0\.0\.0\.0": others can reach.*; add server\.token/);
    // Before anything was created.
    expect(existsSync(store)).toBe(false);

    const config = join(folder, 'tailrace.yaml');
    writeFileSync(config, 'server: { host: 0.0.0.0, port: 0, token: 0123456789abcdef }\n');
    expect(await runProgram(['check', '--offline'], { cwd: folder })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('answers with server.token'),
    });
    const server = startProgram(['up', '--store', store], { cwd: folder });
    const [, url = ''] = await server.says(/listens on (\S+)/);
    expect((await fetch(`${url}/api/pipelines`)).status).toBe(401);
    expect(statSync(join(store, 'server.json')).mode & 0o777).toBe(0o600);
    expect(await queryStore(store, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    const top = await runProgram(['top', '--store', store, '--json']);
    expect(JSON.parse(top.stdout)).toMatchObject({ pipelines: [{ name: 'http' }] });
    expect(await runProgram(['top', '--url', url, '--json'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('set TAILRACE_TOKEN'),
    });
    server.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ code: 0 });
  });

  test('SIGHUP ends it never: where there was no configuration file, it looks for one', async () => {
    const folder = makeScratchFolder();
    const server = startProgram(['up', '--store', copyPreparedStore(join(folder, 'store')), '--port', '0'], {
      cwd: folder,
    });
    await server.says(/listens on (\S+)/);
    server.kill('SIGHUP');
    await server.warns(/there is still no configuration file here; the defaults go on/);
    writeFileSync(join(folder, 'tailrace.yaml'), 'server: { prot: 1 }\n');
    server.kill('SIGHUP');
    await server.warns(/write "port"[\s\S]*the defaults go on/);
    writeFileSync(join(folder, 'tailrace.yaml'), 'pipelines: { app: { source: { type: files, paths: ["*.log"] } } }\n');
    server.kill('SIGHUP');
    await server.warns(/configuration ".*tailrace\.yaml" taken over\n/);
    // From here on it is followed.
    writeFileSync(join(folder, 'tailrace.yaml'), 'query: { maxRows: 10 }\n');
    await server.warns(/taken over; what changed outside pipelines/);
    server.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ code: 0 });
  });

  test('on SIGINT a slow question is ended before its limit', async () => {
    const folder = makeScratchFolder();
    const server = startProgram(['up', '--store', copyPreparedStore(join(folder, 'store')), '--port', '0'], {
      cwd: folder,
    });
    const [, url = ''] = await server.says(/listens on (\S+)/);
    const slow = fetch(`${url}/api/query`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sql: 'SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1' }),
    }).then(
      (answer) => answer.text(),
      () => 'cut',
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    server.kill('SIGINT');
    expect(await server.ended).toMatchObject({ code: 0 });
    expect(await slow).not.toContain('TAILRACE_QUERY_LIMIT');
  });

  test('says so when the port is taken, and leaves the store free', async () => {
    const folder = makeScratchFolder();
    const store = copyPreparedStore(join(folder, 'store'));
    const { port } = busy.address() as AddressInfo;
    const { code, stderr } = await runProgram(['up', '--store', store, '--port', `${port}`], { cwd: folder });
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^tailrace: cannot listen on .*${port}.*; `));
    expect(await queryStore(store, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});
