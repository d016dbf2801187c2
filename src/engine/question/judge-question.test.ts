import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAll } from '../../../test/conformance/read-all.ts';
import { openEmbedded } from '../embedded/open-embedded.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../engine-error.ts';
import { higherOrderFunctions, isAllowedFunction, isRefusedFunction } from './allowed-functions.ts';
import { allowedTableFunctions, knownTableFunctions } from './refused-names.ts';

let engine: Engine;
let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tailrace-judge-'));
  engine = await openEmbedded(directory, { limits: { maxSeconds: 5, maxMemoryBytes: 1e9, maxResultRows: 100_000 } });
  await engine.run({
    sql: 'CREATE TABLE t (a UInt8, b UInt8, file String, url String, format String) ENGINE = MergeTree ORDER BY a',
  });
});
afterAll(async () => {
  await engine.close();
  rmSync(directory, { recursive: true, force: true });
});

async function ask(sql: string, params: Record<string, unknown> = {}): Promise<string> {
  return readAll(engine.ask({ sql, params }, { format: 'TSV' }));
}

describe('allows', () => {
  test.each([
    'SELECT 1',
    'select 1;',
    '  -- why\n SELECT 1 ; ; -- done',
    'SELECT \'DROP TABLE x; INSERT INTO y\' AS "set" -- ; DROP',
    '(SELECT 1) UNION ALL (SELECT 2)',
    'WITH a AS (SELECT 1) SELECT * FROM a',
    'SHOW TABLES',
    'SHOW CREATE TABLE requests',
    'SHOW FULL COLUMNS FROM users',
    'DESCRIBE TABLE requests',
    'EXPLAIN indexes = 1 SELECT 1',
    'EXISTS TABLE requests',
    'SELECT format, count() FROM t GROUP BY format ORDER BY format DESC',
    "SELECT format('{} {}', a, b) FROM t",
    'SELECT t.file FROM t',
    'SELECT filename, url, remote, cluster, settings FROM t WHERE url = 1',
    'SELECT number FROM numbers(10)',
    "SELECT name FROM system.columns WHERE table = 't'",
    "SELECT {a:String}, {b:Array(String)}, map('a', 1)",
    "SELECT replaceRegexpAll(path, '/*x', '')",
    'SELECT arrayMap(x -> x + 1, [1, 2]), a ? 1 : 2, CASE WHEN a = 1 THEN 2 ELSE 3 END, CAST(a AS String), a::Int8 FROM t',
    'SELECT count(DISTINCT a), countIf(a > 1), quantile(0.5)(a), sumOrNullIf(a, b = 1), uniqState(a) FROM t',
    "SELECT * EXCEPT (a), COLUMNS('^b'), t.* FROM t FINAL",
    'SELECT * REPLACE (1 AS a) FROM t ARRAY JOIN [1] AS z LEFT JOIN t AS u ON u.a = t.a',
    'SELECT a FROM t PREWHERE a = 1 WHERE b IN (SELECT 1) GROUP BY a WITH TOTALS HAVING count() > 0 ORDER BY a LIMIT 1 BY a LIMIT 2 OFFSET 1',
    'SELECT sum(a) OVER (PARTITION BY b ORDER BY a ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), rank() OVER w FROM t WINDOW w AS (ORDER BY a)',
    'SELECT a FROM t ORDER BY a WITH FILL FROM 1 TO 3 INTERPOLATE (b AS b + 1)',
    'WITH RECURSIVE n AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM n WHERE x < 3) SELECT * FROM n',
    "SELECT toStartOfInterval(now(), INTERVAL 1 HOUR), EXTRACT(DAY FROM today()), date_diff('day', today(), today())",
    'SELECT 1 INTERSECT SELECT 1',
    'SELECT a FROM t GROUP BY GROUPING SETS ((a), ())',
    'SELECT EXISTS (SELECT 1), (1, 2).1, [1][1], tuple(1).1',
    'SHOW DATABASES',
    "SHOW COLUMNS FROM t LIKE 'a%'",
    'SHOW INDEXES FROM t',
    'SHOW CREATE TABLE tailrace.t',
    'EXPLAIN PIPELINE SELECT 1',
    'EXPLAIN SYNTAX SELECT 1',
    'SELECT arrayMap(lower, [url]), arraySum(groupArray(a)), arraySort(t.b, [1]), arrayMax([a]) FROM t GROUP BY url, t.b, a',
    'SELECT * FROM (VALUES (1, 2), (3, 4)) AS v(a, b)',
  ])('%s', async (sql) => {
    const answer = ask(sql, { a: 'x', b: ['y'] });
    // A missing table or column is not a refusal.
    await answer.catch((error) => expect(error).toMatchObject({ code: 'TAILRACE_QUERY_FAILED' }));
  });
});

describe('refuses', () => {
  test.each<[sql: string, why: RegExp]>([
    ['', /empty/],
    [' -- nothing\n;', /empty/],
    ['SELECT 1; SELECT 2', /more than one/],
    ['SELECT 1; DROP TABLE x', /more than one/],
    ['SELECT 1 PARALLEL WITH DROP TABLE x', /more than one/],
    ['INSERT INTO t SELECT 1', /begins with "INSERT"/],
    ['WITH 1 AS x INSERT INTO t SELECT x', /begins with "INSERT"/],
    ['EXPLAIN INSERT INTO t SELECT 1', /insert rows/],
    ['SET readonly = 0', /begins with "SET"/],
    ['SYSTEM FLUSH LOGS', /begins with/],
    ['KILL QUERY WHERE 1', /begins with/],
    ["SELECT 1 INTO OUTFILE '/tmp/x'", /INTO OUTFILE/],
    ["EXPLAIN SELECT 1 into/**/outfile '/tmp/x'", /INTO OUTFILE/],
    ['SELECT 1 FORMAT JSON', /FORMAT clause/],
    ['SELECT * FROM t FORMAT Null SETTINGS max_threads = 1', /FORMAT clause/],
    ['SELECT 1 SETTINGS max_threads = 1', /SETTINGS clause/],
    ['SELECT * FROM (SELECT 1 SETTINGS `max_threads` = 1)', /SETTINGS clause/],
    ["SELECT file('/etc/passwd')", /file/],
    ["SELECT `fi\\x6ce` ('/etc/passwd')", /file/],
    ["SELECT “file”('/etc/passwd')", /file/],
    ["SELECT file\u2060('/etc/passwd')", /file/],
    ["SELECT arrayMap(file, ['/etc/passwd'])", /file/],
    ["SELECT * APPLY(file) FROM (SELECT '/etc/passwd')", /file/],
    ['SELECT COLUMNS(\'x\') APPLY "file" FROM t', /file/],
    ["SELECT * FROM url('http://x')", /table function "url"/],
    ["SELECT * FROM S3 /* x */ ('http://x')", /table function "S3"/],
    ['SELECT * FROM "remote"(\'x\', system, one)', /table function "remote"/],
    ["SELECT * FROM eval('SELECT 1')", /table function "eval"/],
    ["SELECT * FROM merge('system', '.*')", /table function "merge"/],
    ['SELECT * FROM brandNew(1)', /table function "brandNew"/],
    ["SELECT * FROM format('Values', 'x UInt8', '(1)')", /table function "format"/],
    ["SELECT b FROM generateRandom('a UInt8, b String ALIAS file(''/etc/passwd'')')", /table function/],
    ["SELECT b FROM null('a UInt8, b String ALIAS file(''/etc/passwd'')')", /table function/],
    ["SELECT b FROM values('a UInt8, b String ALIAS file(''/etc/passwd'')', 1)", /table function/],
    ["SELECT structureToProtobufSchema('a UInt8 DEFAULT length(file(''/etc/passwd''))')", /outside/],
    ["SELECT formatRow('Protobuf', 1)", /outside/],
    ["SELECT groupFormat('Protobuf')(1)", /outside/],
    ['SELECT arrayMap(some_function_of_the_server, [1])', /may be the name of a function/],
    ['WITH lower AS f SELECT mapFilter(f, map())', /may be the name of a function/],
    ["SELECT AIGenerate('x')", /outside/],
    ['SELECT * FROM system.processes', /system\.processes/],
    ['SELECT * FROM `system` . "query_log"', /system\.query_log/],
    ['DESCRIBE system.users', /system\.users/],
    ['SHOW PROCESSLIST', /PROCESSLIST/],
    ['SHOW GRANTS', /GRANTS/],
    ['SHOW CREATE USER default', /USER/],
    ['SELECT * FROM {t:Identifier}', /may not name/],
    ['SELECT nothingOfThatName(1)', /no function/],
    ['SELECT FQDN()', /outside/],
    ['SELECT * FROM information_schema.tables', /no table of the store/],
    ['SELECT 1 IN information_schema.tables', /no table of the store/],
    ['SHOW PRIVILEGES', /PRIVILEGES|ShowPrivileges/],
    ["SHOW TABLES WHERE name = file('/etc/passwd')", /file/],
    ['EXPLAIN ANALYZE SELECT 1', /ANALYZE|Explain/],
    ['SELECT * APPLY(x -> toString(x)) FROM t', /APPLY/],
    ['SELECT 1 AS "a\nb"', /line break/],
  ])('%s', async (sql, why) => {
    await expect(ask(sql)).rejects.toMatchObject({
      code: 'TAILRACE_QUERY_REFUSED',
      message: expect.stringMatching(why),
    });
  });
});

test.each([
  "SELECT 'a",
  'SELECT 1 /* /* */',
  '"SELECT" 1',
  "SELECT 1.file('/etc/passwd')",
  'SHOW FULL PROCESSLIST',
  '(INSERT INTO t VALUES (1))',
  'SELEC 1',
  'SELECT 1 $0$$; SET ROLE ALL --$$',
  '1e--',
])('the engine does not understand, or refuses: %s', async (sql) => {
  await expect(ask(sql)).rejects.toMatchObject({ code: expect.stringMatching(/FAILED|REFUSED/) });
});

test('any text is answered, refused or not understood, never a crash', async () => {
  const piece = fc.constantFrom(
    ...[
      'SELECT',
      'FORMAT',
      'INTO',
      'OUTFILE',
      'system',
      '.',
      'file',
      '(',
      ')',
      ';',
      "'",
      '{',
      ':',
      ' ',
      '\n',
      '$',
      '`',
    ],
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece).map((pieces) => pieces.join('')),
  );
  await fc.assert(
    fc.asyncProperty(text, async (sql) => {
      const error: unknown = await ask(sql).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error !== undefined) expect(error).toBeInstanceOf(EngineError);
    }),
    { numRuns: 200 },
  );
});

test('bytes that are not UTF-8 stay what they are', async () => {
  expect(await ask("SELECT hex('\\xff\\x00é\\xc3')")).toBe('FF00C3A9C3\n');
});

test('a value of another question is not left', async () => {
  expect(await ask('SELECT {secret:String}', { secret: 'x' })).toBe('x\n');
  await expect(ask('SELECT {secret:String}')).rejects.toMatchObject({ code: 'TAILRACE_QUERY_FAILED' });
});

test('every function and table function of this engine is known, as allowed or as refused', async () => {
  const names = async (table: string) =>
    (await engine.rows<{ name: string }>({ sql: `SELECT DISTINCT lower(name) AS name FROM system.${table}` })).map(
      ({ name }) => name,
    );
  expect((await names('functions')).filter((name) => isAllowedFunction(name) === isRefusedFunction(name))).toEqual([]);
  expect(
    (await names('table_functions')).filter(
      (name) => allowedTableFunctions.has(name) === knownTableFunctions.has(name),
    ),
  ).toEqual([]);
  const higherOrder = await names('functions WHERE higher_order');
  expect(higherOrder.filter((name) => !higherOrderFunctions.has(name))).toEqual([]);
});
