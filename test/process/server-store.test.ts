import { readdirSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  keyedValues,
  LocalStream,
  npmKinesis,
  setTestCredentials,
} from '../../src/sources/test-doubles/local-stream.ts';
import { askServer } from './ask-server.ts';
import { oneRequest } from './one-log.ts';
import { runProgram, startProgram } from './program.ts';
import { makeScratchFolder } from './scratch-folder.ts';

const url = process.env.TAILRACE_TEST_CLICKHOUSE_URL;
if (!url)
  console.warn('skipped: the program over a ClickHouse server, because TAILRACE_TEST_CLICKHOUSE_URL is not set');

describe.skipIf(!url)('the program over a ClickHouse server', () => {
  test('ingest and query use the server of the configuration', async () => {
    const folder = makeScratchFolder();
    writeFileSync(join(folder, 'tailrace.yaml'), `store: { url: "${url}" }\n`);
    const id = `request-${process.pid}-${Date.now()}`;
    writeFileSync(join(folder, 'one.log'), oneRequest.replace('one-request-id==', id));
    const here = { cwd: folder };
    const told = expect.stringContaining(`the store is "${url}" (${join(folder, 'tailrace.yaml')})`);
    const ingested = await runProgram(['ingest', '--json', 'one.log'], here);
    expect(ingested).toMatchObject({ code: 0, stderr: told });
    expect(JSON.parse(ingested.stdout)).toMatchObject({ files: 1, rows: 1 });
    const sql = `SELECT count() FROM requests WHERE request_id = '${id}'`;
    expect(await runProgram(['query', '-o', 'tsv', '--no-header', sql], here)).toMatchObject({ stdout: '1\n' });
    expect(readdirSync(folder).sort()).toEqual(['one.log', 'tailrace.yaml']);
  });

  test('what a killed process had on its way is removed by the next start, and nothing of one that lives', async () => {
    const folder = makeScratchFolder();
    writeFileSync(join(folder, 'tailrace.yaml'), `store: { url: "${url}" }\n`);
    const temporary = makeScratchFolder();
    const wrapper = ['env', `TMPDIR=${temporary}`];
    const start = async () => {
      const server = startProgram(['up', '--port', '0'], { cwd: folder, wrapper });
      await server.says(/listens on/);
      return server;
    };
    const spool = join(temporary, `tailrace-spool-${userInfo().username}-${hostname()}`);
    const [killed, living] = [await start(), await start()];
    const [before, others] = [readdirSync(spool).filter(isOf(killed.pid)), readdirSync(spool).filter(isOf(living.pid))];
    expect([before.length, others.length]).toEqual([1, 1]);
    writeFileSync(join(spool, before[0] ?? '', 'line.log'), 'x'.repeat(1000));
    killed.kill('SIGKILL');
    await killed.ended;
    expect(readdirSync(spool)).toEqual(expect.arrayContaining(before));
    const next = await start();
    const left = readdirSync(spool);
    expect(left).toHaveLength(2);
    expect(left).toEqual(expect.arrayContaining(others));
    for (const server of [living, next]) server.kill('SIGTERM');
    expect(await Promise.all([living.ended, next.ended])).toMatchObject([{ code: 0 }, { code: 0 }]);
    expect(readdirSync(spool)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([spool.slice(temporary.length + 1)]);
  });

  test('of two workers on one stream without leases one stores it, and the other takes over when that one ends', async () => {
    setTestCredentials();
    const kinesis = npmKinesis();
    onTestFinished(() => kinesis.close());
    const stream = await LocalStream.create(await kinesis.url(), 2);
    const folder = makeScratchFolder();
    const source = `{ type: kinesis, stream: ${stream.name}, region: us-east-1, endpoint: "${stream.endpoint}" }`;
    writeFileSync(
      join(folder, 'tailrace.yaml'),
      `store: { url: "${url}" }\npipelines: { edge: { source: ${source.replace(' }', ', startFrom: TRIM_HORIZON }')}, format: { type: text } } }\n`,
    );
    const start = async () => {
      const program = startProgram(['up', '--port', '0'], { cwd: folder });
      const [, address = ''] = await program.says(/listens on (\S+)/);
      return { program, address };
    };
    const stored = async (address: string) => {
      const from = `FROM ledger WHERE startsWith(origin, 'kinesis://us-east-1/${stream.name}/')`;
      const [row] = await askServer<{ rows: number }>(address, `SELECT sum(rows) AS rows ${from}`);
      return Number(row?.rows);
    };
    await stream.put(keyedValues(10, 10));
    const first = await start();
    await expect.poll(() => stored(first.address)).toBe(100);
    const second = await start();
    await second.program.warns(/edge: cannot read "kinesis:.*": a worker on host ".*" reads it/);
    await stream.put(keyedValues(10, 10, 10));
    await expect.poll(() => stored(second.address)).toBe(200);
    first.program.kill('SIGTERM');
    expect(await first.program.ended).toMatchObject({ code: 0 });
    await stream.put(keyedValues(10, 10, 20));
    await expect.poll(() => stored(second.address)).toBe(300);
    second.program.kill('SIGTERM');
    expect(await second.program.ended).toMatchObject({ code: 0 });
  });
});

/** `env` becomes the program, so that its number is the program's. */
function isOf(pid: number): (name: string) => boolean {
  return (name) => name.startsWith(`${pid}-`);
}
