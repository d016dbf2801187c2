import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { readAll } from './read-all.ts';

/** Statements of ours: rows, parameters, settings, streams, cancelling. */
export function testStatements(engine: () => Engine): void {
  describe('rows', () => {
    test('64-bit integers are numbers where that is exact', async () => {
      const [row] = await engine().rows({
        sql: `
          SELECT toUInt64(9007199254740991) AS safe, toUInt64(18446744073709551615) AS wide, toInt64(-5) AS negative,
            [toUInt64(1), 2] AS list, map('a', toUInt64(3)) AS counts, CAST((1, 'x'), 'Tuple(n UInt64, s String)') AS pair,
            CAST(NULL AS Nullable(UInt64)) AS none, 1.5 AS float, 'é' AS text`,
      });
      expect(row).toMatchObject({
        safe: 9007199254740991,
        wide: '18446744073709551615',
        negative: -5,
        list: [1, 2],
        counts: { a: 3 },
        none: null,
        float: 1.5,
        text: 'é',
      });
    });

    test('no rows are an empty list, and a failure is typed', async () => {
      expect(await engine().rows({ sql: 'SELECT 1 WHERE 0' })).toEqual([]);
      await expect(engine().rows({ sql: 'SELECT a FROM nowhere' })).rejects.toMatchObject({
        code: 'TAILRACE_QUERY_FAILED',
        clickhouseCode: 60,
        retryable: false,
        message: expect.stringMatching(/^cannot run the query: (?!.*(version|DB::|Stack))/s),
      });
    });
  });

  describe('parameters', () => {
    test.each<[type: string, value: unknown, read: unknown]>([
      ['String', "it's \\ \t\n\r\0\b\f é 𝄞 {x:String} \\N", undefined],
      ['String', '', undefined],
      ['Array(String)', ["'", '"', '\n', '\t', '\\', '\0', 'é', '\\N', 'NULL', '', "],['"], undefined],
      ['UInt64', 18446744073709551615n, '18446744073709551615'],
      ['Int32', -7, undefined],
      ['Float64', 1e-7, undefined],
      ['Bool', true, undefined],
      ['Nullable(String)', null, undefined],
      ['Array(Nullable(Int8))', [1, null], undefined],
      ["DateTime64(3, 'UTC')", new Date(1_700_000_000_123), '2023-11-14 22:13:20.123'],
      ["DateTime('UTC')", new Date(0), '1970-01-01 00:00:00'],
      ['Map(String, UInt8)', new Map([["k'\n", 1]]), { "k'\n": 1 }],
      ['Map(String, String)', { a: 'b' }, undefined],
    ])('%s survives (case %#)', async (type, value, read = value) => {
      const sql = `SELECT {value:${type}} AS value`;
      expect(await engine().rows({ sql, params: { value } })).toEqual([{ value: read }]);
    });

    test('5,000 odd strings of half a megabyte survive', async () => {
      const values = Array.from({ length: 5000 }, (_, n) => `${n} it's\n\\ é ${'x'.repeat(90)}`);
      const [row] = await engine().rows<{ values: string[] }>({
        sql: 'SELECT {values:Array(String)} AS values, 1 AS {name:Identifier}',
        params: { values, name: 'odd name' },
      });
      expect(row?.values).toEqual(values);
    });

    test('one without a value is an error and not the value of an earlier statement', async () => {
      const sql = 'SELECT {left_over:UInt8} AS x';
      await Promise.all(Array.from({ length: 8 }, () => engine().rows({ sql, params: { left_over: 1 } })));
      await expect(engine().rows({ sql })).rejects.toMatchObject({
        code: 'TAILRACE_QUERY_FAILED',
        message: expect.stringContaining('"left_over" has no value'),
      });
    });

    test('queries side by side do not mix them up', async () => {
      const numbers = Array.from({ length: 100 }, (_, n) => n);
      const rows = await Promise.all(
        numbers.map((n) => engine().rows({ sql: 'SELECT {n:UInt32} AS n', params: { n } })),
      );
      expect(rows.flat()).toEqual(numbers.map((n) => ({ n })));
    });
  });

  describe('settings', () => {
    const sql = "SELECT toInt32(getSetting('max_block_size')) AS size, getSetting('log_queries_min_type') AS kind";
    test('they hold for one statement alone', async () => {
      const [before] = await engine().rows({ sql });
      const settings = { max_block_size: 123, log_queries_min_type: 'QUERY_FINISH' };
      expect(await engine().rows({ sql, settings })).toEqual([{ size: 123, kind: 'QUERY_FINISH' }]);
      await expect(engine().rows({ sql: 'SELECT * FROM nowhere', settings })).rejects.toThrow();
      for (let i = 0; i < 8; i++) expect(await engine().rows({ sql })).toEqual([before]);
    });

    test('a name that is none, and one that the engine does not know, are errors', async () => {
      await expect(engine().rows({ sql: 'SELECT 1', settings: { 'x = 1, y': 1 } })).rejects.toThrow(/identifier/);
      await expect(engine().rows({ sql: 'SELECT 1', settings: { no_such_setting: 1 } })).rejects.toMatchObject({
        code: 'TAILRACE_QUERY_FAILED',
      });
    });
  });

  describe('stream', () => {
    test.each([
      ['CSVWithNames', /^"number","a""\nb"\n0,0\n/],
      ['TSVWithNames', /^number\ta"\\nb\n0\t0\n/],
      ['JSONEachRow', /^\{"number":"?0"?,/],
    ])('%s is one document, however many chunks it takes', async (format, beginning) => {
      const sql = 'SELECT number, toUInt8(number) AS "a""\\nb" FROM numbers(300000)';
      const text = await readAll(engine().stream({ sql }, { format }));
      expect(text).toMatch(beginning);
      const rows = text.split('\n').filter((line) => /^[{\d]/.test(line));
      expect(rows).toHaveLength(300_000);
      expect(text.split('number').length - 1).toBe(format === 'JSONEachRow' ? 300_000 : 1);
    });

    test('JSON and Parquet are one document as well', async () => {
      const sql = 'SELECT number FROM numbers(200000)';
      const json = JSON.parse(await readAll(engine().stream({ sql }, { format: 'JSON' })));
      expect(json.data).toHaveLength(200_000);
      const parquet = await readAll(engine().stream({ sql }, { format: 'Parquet' }), 'latin1');
      expect([parquet.slice(0, 4), parquet.slice(-4), parquet.split('PAR1').length]).toEqual(['PAR1', 'PAR1', 3]);
    });

    test('it ends when the consumer leaves or the signal aborts', async () => {
      const mark = randomUUID();
      const sql = `SELECT number, sleepEachRow(0.01) FROM numbers(100000) -- ${mark}`;
      const slow = { sql, settings: { max_block_size: 50 } };
      for await (const _ of engine().stream({ sql: 'SELECT number FROM numbers(5000000)' }, { format: 'CSV' })) break;
      const signal = AbortSignal.timeout(300);
      await expect(readAll(engine().stream(slow, { format: 'CSV', signal }))).rejects.toMatchObject({
        code: 'TAILRACE_QUERY_CANCELLED',
      });
      await expect(readAll(engine().stream(slow, { format: 'JSON', signal }))).rejects.toMatchObject({
        code: 'TAILRACE_QUERY_CANCELLED',
      });
      await expect.poll(() => countRunning(engine(), mark)).toBe(0);
    });

    test('an error in the middle rejects', async () => {
      const sql = 'SELECT throwIf(number = 400000) FROM numbers(500000)';
      await expect(readAll(engine().stream({ sql }, { format: 'CSV' }))).rejects.toMatchObject({
        code: 'TAILRACE_QUERY_FAILED',
        clickhouseCode: 395,
      });
    });
  });
}

async function countRunning(engine: Engine, text: string): Promise<number> {
  const [row] = await engine.rows<{ running: number }>({
    sql: `
      SELECT count() AS running FROM system.processes
      WHERE position(query, {text:String}) > 0 AND position(query, 'system.processes') = 0`,
    params: { text },
  });
  return row?.running ?? 0;
}
