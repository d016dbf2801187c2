import { describe, expect, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { outputFormats } from '../../src/engine/output-formats.ts';
import { readAll } from './read-all.ts';

/** Questions that people type. */
export function testAsk(engine: () => Engine): void {
  const ask = (sql: string, params: Record<string, unknown> = {}, signal?: AbortSignal) =>
    readAll(engine().ask({ sql, params }, { format: 'TSV', ...(signal === undefined ? {} : { signal }) }));

  describe('ask', () => {
    test('answers with parameters, and every kind of question', async () => {
      expect(await ask('SELECT {a:String}, {n:UInt64}; -- comment', { a: "x\ny'", n: 18446744073709551615n })).toBe(
        "x\\ny\\'\t18446744073709551615\n".replace("\\'", "\\'"),
      );
      expect(await ask('(SELECT 1) UNION ALL (SELECT 1)')).toBe('1\n1\n');
      expect(await ask('WITH 2 AS x SELECT x')).toBe('2\n');
      await engine().run({ sql: 'CREATE OR REPLACE TABLE asked (a UInt8) ENGINE = MergeTree ORDER BY a' });
      await engine().run({ sql: 'INSERT INTO asked VALUES (7)' });
      expect(await ask('SELECT a FROM asked')).toBe('7\n');
      expect(await ask('SHOW TABLES')).toMatch(/\basked\b/);
      expect(await ask('DESCRIBE TABLE asked')).toMatch(/^a\tUInt8/);
      expect(await ask('EXISTS TABLE asked')).toBe('1\n');
      expect(await ask('EXPLAIN SELECT a FROM asked')).toMatch(/ReadFromMergeTree/);
    });

    test.each(Object.entries(outputFormats))('output %s', async (_, { clickhouse }) => {
      const bytes = await readAll(engine().ask({ sql: 'SELECT 1 AS n -- end' }, { format: clickhouse }), 'latin1');
      expect(bytes.length).toBeGreaterThan(1);
    });

    test.each(['JSON', 'JSONEachRow'])('numbers that JSON readers round or refuse are texts in %s', async (format) => {
      const sql = `
        SELECT
          toUInt64(18446744073709551615) AS largest, toInt64(-9223372036854775808) AS least,
          toInt128('170141183460469231731687303715884105727') AS wide, toDecimal64('0.10', 2) AS price,
          nan AS none, inf AS above, -inf AS below, NULL AS missing,
          [toUInt64(9007199254740993)] AS list, map('k', toUInt64(9007199254740993)) AS dictionary,
          toUInt32(4294967295) AS short, 0.1 + 0.2 AS sum`;
      const text = await readAll(engine().ask({ sql }, { format }));
      const parsed = JSON.parse(text);
      expect(format === 'JSON' ? parsed.data[0] : parsed).toEqual({
        largest: '18446744073709551615',
        least: '-9223372036854775808',
        wide: '170141183460469231731687303715884105727',
        price: '0.1',
        none: 'nan',
        above: 'inf',
        below: '-inf',
        missing: null,
        list: ['9007199254740993'],
        dictionary: { k: '9007199254740993' },
        short: 4294967295,
        sum: 0.30000000000000004,
      });
    });

    test.each([
      "SELECT * FROM file('/etc/passwd', 'LineAsString')",
      "SELECT file('/etc/passwd')",
      "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
      "SELECT 1 INTO OUTFILE '/tmp/x'",
      'SELECT 1 SETTINGS max_execution_time = 0',
      'SELECT 1 FORMAT JSON',
      'SELECT 1; SELECT 2',
      'SET readonly = 0',
      'SYSTEM SHUTDOWN',
      'DROP TABLE asked',
      'WITH 1 AS x INSERT INTO asked SELECT x',
      'SELECT * FROM system.processes',
      'SHOW PROCESSLIST',
    ])('refuses %s', async (sql) => {
      await expect(ask(sql)).rejects.toMatchObject({ code: 'TAILRACE_QUERY_REFUSED' });
    });

    test.each([
      ['SELECT sleepEachRow(3) FROM numbers(1000)'],
      ['SELECT number, sleepEachRow(0.01) FROM numbers(250)'],
      ['SELECT count() FROM numbers(1000000000000)'],
      ['SELECT (SELECT count() FROM numbers(1000000000000))'],
      ['SELECT groupArray(number) FROM numbers(10000000000)'],
      ['SELECT count() FROM numbers(1000000) AS a CROSS JOIN numbers(1000000) AS b WHERE a.number + b.number = 1'],
      ['SELECT length(groupArray(a.number)) FROM numbers(1000000) AS a CROSS JOIN numbers(1000000) AS b'],
      ['SELECT number FROM numbers(1001)'],
      ["SELECT repeat('x', 1000000) FROM numbers(1000)"],
      ["SELECT arrayMap(x -> repeat('x', 1000000), range(100000))"],
    ])('%s ends with a typed error, and the engine goes on', async (sql) => {
      await expect(ask(sql)).rejects.toMatchObject({ code: 'TAILRACE_QUERY_LIMIT', retryable: false });
      expect(await ask('SELECT 1')).toBe('1\n');
    });

    test('ends when its signal aborts, not by its limit', async () => {
      const signal = AbortSignal.timeout(200);
      await expect(ask('SELECT count() FROM numbers(1000000000000)', {}, signal)).rejects.toMatchObject({
        code: 'TAILRACE_QUERY_CANCELLED',
      });
      await expect(ask('SELECT 1', {}, signal)).rejects.toMatchObject({ code: 'TAILRACE_QUERY_CANCELLED' });
      expect(await ask('SELECT 1')).toBe('1\n');
    });

    test('a slow question delays neither an insert nor a report', async () => {
      const ended: string[] = [];
      const slow = ask('SELECT number, sleepEachRow(0.1) FROM numbers(10)').then(() => ended.push('question'));
      await engine().run({ sql: 'CREATE OR REPLACE TABLE quick (a UInt8) ENGINE = MergeTree ORDER BY a' });
      await engine().run({ sql: 'INSERT INTO quick VALUES (1)' });
      ended.push('insert');
      expect(await engine().rows({ sql: 'SELECT a FROM quick' })).toEqual([{ a: 1 }]);
      ended.push('report');
      await slow;
      expect(ended).toEqual(['insert', 'report', 'question']);
    });
  });
}
