import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allowedTableFunctions, knownTableFunctions } from '../question/refused-names.ts';
import type { ChdbSession } from './chdb-session.ts';
import { openSessions } from './open-sessions.ts';

/**
 * What a session for people's questions may do when nothing looks at the text first. These are facts about the engine:
 * where it allows more than it should, the classification of the text is the only wall, and must be.
 */
describe('a session for questions, without the classification', () => {
  let store: string;
  let sessions: Awaited<ReturnType<typeof openSessions>>;
  let run: (sql: string) => Promise<string>;
  beforeAll(async () => {
    store = mkdtempSync(join(tmpdir(), 'tailrace-question-'));
    sessions = await openSessions(store, { limits: { maxSeconds: 5, maxMemoryBytes: 1e9, maxResultRows: 1000 } });
    await sessions.writers.use((session) => session.execute('CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a'));
    const session: ChdbSession = await sessions.askers.take();
    run = async (sql) => Buffer.from(await session.execute(sql, 'TSV')).toString();
  });
  afterAll(() => rmSync(store, { recursive: true, force: true }));

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
  ])('the engine itself refuses %s', async (sql) => {
    await expect(run(sql)).rejects.toMatchObject({ code: expect.stringMatching(/REFUSED|FAILED|LIMIT/) });
  });

  test('its role refuses also what its being read-only does not: a file that another session has opened as a table', async () => {
    expect(await run('SELECT currentRoles()')).toBe("['tailrace_question']\n");
    const file = join(store, 'opened.csv');
    writeFileSync(file, '1\n');
    const sql = `SELECT * FROM default.\`${file}\``;
    await sessions.readers.use((session) => session.execute(sql));
    await expect(run(sql)).rejects.toMatchObject({ code: 'TAILRACE_QUERY_REFUSED', clickhouseCode: 497 });
  });

  test('the engine itself does not refuse file(), INTO OUTFILE, SET ROLE, KILL QUERY and system tables', async () => {
    expect(await run("SELECT length(file('/etc/passwd')) > 0")).toBe('1\n');
    expect(await run("SELECT arrayMap(file, ['/etc/passwd']) != ['']")).toBe('1\n');
    const outfile = join(store, 'written');
    await run(`SELECT 1 INTO OUTFILE '${outfile}'`);
    expect(existsSync(outfile)).toBe(true);
    expect(await run('SELECT count() > 0 FROM system.processes')).toBe('1\n');
    await run("KILL QUERY WHERE query_id = 'none'");
    await run('SET ROLE ALL');
    expect(await run("SELECT has(currentRoles(), 'tailrace_owner')")).toBe('1\n');
    await run('SET ROLE tailrace_question');
  });

  test('every table function of this engine is known, as allowed or as refused', () => {
    const unknown = sessions.tableFunctions.filter(
      (name) => !allowedTableFunctions.has(name.toLowerCase()) && !knownTableFunctions.has(name.toLowerCase()),
    );
    expect(unknown).toEqual([]);
  });
});
