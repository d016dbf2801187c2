import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EngineError } from '../engine-error.ts';
import { classifyQuestion } from './classify-question.ts';

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
  ])('%s', (sql) => {
    expect(classifyQuestion(sql)).toBe(sql.replace(/;[^']*$/, (end) => (/^[;\s]*(--.*)?$/.test(end) ? '' : end)));
  });
});

describe('refuses', () => {
  test.each<[sql: string, why: RegExp]>([
    ['', /empty/],
    [' -- nothing\n;', /empty/],
    ['SELECT 1; SELECT 2', /more than one/],
    ['SELECT 1; DROP TABLE x', /more than one/],
    ['SELECT 1 PARALLEL WITH DROP TABLE x', /more than one/],
    ["SELECT 'a", /does not end/],
    ["SELECT 1 /* /* */ + length(file('/etc/passwd')) -- */", /holds another comment/],
    ['INSERT INTO t VALUES (1)', /begins with "INSERT"/],
    ['(INSERT INTO t VALUES (1))', /begins with "INSERT"/],
    ['WITH 1 AS x INSERT INTO t SELECT x', /insert rows/],
    ['EXPLAIN INSERT INTO t SELECT 1', /insert rows/],
    ['SET readonly = 0', /begins with "SET"/],
    ['SYSTEM FLUSH LOGS', /begins with/],
    ['KILL QUERY WHERE 1', /begins with/],
    ['"SELECT" 1', /begins with/],
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
    ["SELECT 1.file('/etc/passwd')", /file/],
    ["SELECT * FROM url('http://x')", /outside/],
    ["SELECT * FROM S3 /* x */ ('http://x')", /outside/],
    ['SELECT * FROM "remote"(\'x\', system, one)', /outside/],
    ["SELECT * FROM eval('SELECT 1')", /outside/],
    ["SELECT * FROM merge('system', '.*')", /outside/],
    ['SELECT * FROM brandNew(1)', /outside/],
    ["SELECT AIGenerate('x')", /outside/],
    ['SELECT * FROM system.processes', /system\.processes/],
    ['SELECT * FROM `system` . "query_log"', /system\.query_log/],
    ['DESCRIBE system.users', /system\.users/],
    ['SHOW PROCESSLIST', /PROCESSLIST/],
    ['SHOW FULL PROCESSLIST', /PROCESSLIST/],
    ['SHOW GRANTS', /GRANTS/],
    ['SHOW CREATE USER default', /USER/],
    ['SELECT * FROM {t:Identifier}', /may not name/],
  ])('%s', (sql, why) => {
    expect(() => classifyQuestion(sql, ['brandNew', 'numbers'])).toThrow(
      expect.objectContaining({ code: 'TAILRACE_QUERY_REFUSED', message: expect.stringMatching(why) }),
    );
  });
});

test('any text is allowed or refused, never a crash', () => {
  const piece = fc.constantFrom(
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
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(piece).map((pieces) => pieces.join('')),
      ),
      (sql) => {
        try {
          classifyQuestion(sql);
        } catch (error) {
          expect(error).toBeInstanceOf(EngineError);
        }
      },
    ),
    { numRuns: 500 },
  );
});
