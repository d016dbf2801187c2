import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeEngineConfiguration } from './engine-configuration.ts';
import { laneSettings, lanesToOpen } from './engine-lanes.ts';
import type { LaneName } from './engine-messages.ts';
import { EngineProcess } from './engine-process.ts';

const isLinux = process.platform === 'linux';
if (!isLinux) console.info('skipped: the walls of the operating system, which are there on Linux only');

/**
 * What an unchecked statement can do: each wall behind the judgement of a question must hold alone. `owner` is
 * an internal session, which only the operating system restricts; `ask` one for questions, which the engine restricts.
 */
describe('without a judgement', () => {
  let store: string;
  let outside: string;
  let engine: EngineProcess;
  const runIn = async (lane: LaneName, sql: string, format = 'TSV') =>
    Buffer.from(await engine.run({ lane, sql, format })).toString();
  const run = (sql: string) => runIn('ask', sql);
  beforeAll(async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tailrace-walls-'));
    store = join(directory, 'store');
    outside = join(directory, 'outside');
    const data = join(store, 'clickhouse');
    for (const folder of [data, outside]) mkdirSync(folder, { recursive: true });
    writeFileSync(join(outside, 'secret.csv'), '42\n');
    const configuration = writeEngineConfiguration(store, { maxMemoryBytes: 2e9 });
    const settings = laneSettings({
      limits: { maxSeconds: 5, maxMemoryBytes: 1e9, maxResultRows: 1000 },
      insertBytes: 1e9,
      isBrief: false,
    });
    engine = await EngineProcess.start({
      paths: { read: configuration, write: [data] },
      open: {
        directory: data,
        connectionArgs: [`--config-file=${configuration[0]}`],
        lanes: lanesToOpen(settings),
        lowersMerges: true,
      },
      threads: 8,
      onOutput: () => {},
      onRestarted: () => {},
    });
    await runIn('write', 'CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a');
  });
  afterAll(async () => {
    await engine.close();
    rmSync(join(store, '..'), { recursive: true, force: true });
  });

  describe.runIf(isLinux)('the operating system keeps every session from', () => {
    test('missing a wall here', () => expect(engine.missingWalls).toEqual([]));

    test.each<[what: string, sql: (path: string) => string]>([
      ['file()', (path) => `SELECT file('${path}')`],
      ['file() by a lambda', (path) => `SELECT arrayMap(file, ['${path}'])`],
      ['the table function file()', (path) => `SELECT * FROM file('${path}', 'LineAsString')`],
      ['a file as a table', (path) => `SELECT * FROM default.\`${path}\``],
      ['a way through /proc', (path) => `SELECT file('/proc/self/root${path}')`],
    ])('reading a file: %s', async (_, sql) => {
      const path = join(outside, 'secret.csv');
      await expect(runIn('write', sql(path))).rejects.toMatchObject({
        message: expect.stringMatching(/Permission denied|Cannot open|does not exist|Unknown table/),
      });
    });

    test.each(['/etc/hostname', '/etc/passwd', `/proc/${process.pid}/environ`, `/proc/${process.pid}/mem`])(
      'reading %s',
      async (path) => {
        await expect(runIn('write', `SELECT file('${path}')`)).rejects.toMatchObject({
          message: expect.stringMatching(/Permission denied/),
        });
      },
    );

    test.each<[what: string, sql: (path: string) => string]>([
      ['INTO OUTFILE', (path) => `SELECT 1 INTO OUTFILE '${path}'`],
      ['INSERT INTO FUNCTION file()', (path) => `INSERT INTO FUNCTION file('${path}', 'CSV', 'a UInt8') SELECT 1`],
      ['BACKUP', (path) => `BACKUP TABLE t TO File('${path}')`],
    ])('writing a file: %s', async (_, sql) => {
      const path = join(outside, 'written');
      await expect(runIn('write', sql(path))).rejects.toThrow();
      expect(existsSync(path)).toBe(false);
    });

    test('reaching a server of this machine', async () => {
      let requests = 0;
      const server = createServer((_, response) => {
        requests++;
        response.end('1\n');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      for (const source of [
        `url('http://127.0.0.1:${port}/', 'CSV', 'a UInt8')`,
        `remote('127.0.0.1:${port}', system, one)`,
      ]) {
        await expect(runIn('write', `SELECT * FROM ${source} SETTINGS http_max_tries = 1`), source).rejects.toThrow();
      }
      server.close();
      expect(requests).toBe(0);
    });

    test('starting a program', async () => {
      const scripts = join(store, 'clickhouse', 'user_scripts');
      mkdirSync(scripts, { recursive: true });
      writeFileSync(join(scripts, 'touch.sh'), `#!/bin/sh\necho 1 > ${outside}/started; echo 1\n`, { mode: 0o755 });
      const started = runIn('write', "SELECT * FROM executable('touch.sh', 'TSV', 'a UInt8')");
      // The engine may not notice that the reader is gone.
      expect(await started.catch(() => '')).toBe('');
      expect(existsSync(join(outside, 'started'))).toBe(false);
    });

    test('seeing what this program was started with', async () => {
      process.env.TAILRACE_WALLS_SECRET = 'it is a secret';
      const environment = await runIn('write', "SELECT file('/proc/self/environ')", 'TSVRaw');
      expect(environment).not.toContain('secret');
      expect(readFileSync(`/proc/${process.pid}/environ`, 'utf8').length).toBeGreaterThan(environment.length);
    });
  });

  test.each([
    "SELECT * FROM file('/etc/passwd', 'LineAsString')",
    'SELECT * FROM default.`/etc/passwd`',
    "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString', 'line String')",
    "SELECT * FROM urlCluster('x', 'http://127.0.0.1:1/', 'LineAsString', 'line String')",
    "SELECT * FROM s3('http://127.0.0.1:1/b/k', 'LineAsString', 'line String')",
    "SELECT * FROM gcs('http://127.0.0.1:1/b/k', 'LineAsString', 'line String')",
    "SELECT * FROM azureBlobStorage('http://127.0.0.1:1', 'c', 'b', 'a', 'a2V5', 'CSV', 'auto', 'x String')",
    "SELECT * FROM hdfs('hdfs://127.0.0.1:1/x', 'LineAsString', 'line String')",
    "SELECT * FROM remote('127.0.0.1:1', system, one)",
    "SELECT * FROM remoteSecure('127.0.0.1:1', system, one)",
    "SELECT * FROM mysql('127.0.0.1:1', 'd', 't', 'u', 'p')",
    "SELECT * FROM postgresql('127.0.0.1:1', 'd', 't', 'u', 'p')",
    "SELECT * FROM mongodb('127.0.0.1:1', 'd', 't', 'u', 'p', 'x String')",
    "SELECT * FROM redis('127.0.0.1:1', 'k', 'k String, v String')",
    "SELECT * FROM sqlite('/tmp/x.db', 't')",
    "SELECT * FROM odbc('DSN=x', 'd', 't')",
    "SELECT * FROM jdbc('x', 'd', 't')",
    "SELECT * FROM iceberg('http://127.0.0.1:1/b/k')",
    "SELECT * FROM icebergLocal('/tmp/x')",
    "SELECT * FROM deltaLake('http://127.0.0.1:1/b/k')",
    "SELECT * FROM hudi('http://127.0.0.1:1/b/k')",
    "SELECT * FROM executable('x.sh', 'TSV', 'a String')",
    "SELECT * FROM arrowFlight('127.0.0.1:1', 'x')",
    "SELECT * FROM filesystem('/etc')",
    "INSERT INTO FUNCTION file('/tmp/tailrace-never.csv') SELECT 1",
    'INSERT INTO t VALUES (1)',
    'CREATE TABLE u (a UInt8) ENGINE = Memory',
    'CREATE TEMPORARY TABLE u (a UInt8)',
    'DROP TABLE t',
    'ALTER TABLE t DELETE WHERE 1',
    'TRUNCATE TABLE t',
    'OPTIMIZE TABLE t',
    'SYSTEM FLUSH LOGS',
    'SET max_execution_time = 0',
    'SET readonly = 0',
    'SELECT 1 SETTINGS max_memory_usage = 0',
    "BACKUP TABLE t TO File('/tmp/x')",
    'EXPLAIN INSERT INTO t SELECT 1',
    'SELECT * FROM lake_files.requests',
    'SHOW CREATE TABLE lake_files.requests',
    "CREATE VIEW lake.v SQL SECURITY NONE AS SELECT * FROM file('/etc/passwd', 'LineAsString')",
  ])('the engine refuses a session for people %s', async (sql) => {
    await expect(run(sql)).rejects.toMatchObject({ code: expect.stringMatching(/REFUSED|FAILED|LIMIT/) });
  });

  test('a session for people sees no system tables of others, and has nothing left of the session before', async () => {
    expect(await run('SELECT currentRoles()')).toBe("['tailrace_question']\n");
    await run('SET ROLE ALL');
    expect(await run('SELECT currentRoles()')).toBe("['tailrace_question']\n");
    await engine.run({ lane: 'ask', before: ["SET param_secret = 'x'"], sql: 'SELECT {secret:String}' });
    await expect(run('SELECT {secret:String}')).rejects.toMatchObject({ message: expect.stringMatching(/not set/) });
  });
});
