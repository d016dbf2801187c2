import { expect, test } from 'vitest';
import { parquetColumns, parquetList } from './parquet-columns.ts';
import { requestColumns } from './requests.ts';

const typeOf = (table: keyof typeof parquetColumns, name: string) =>
  parquetColumns[table].find((column) => column.name === name)?.type;

test('columns have types that Hive knows', () => {
  expect(parquetColumns.requests.map(({ name }) => name)).toEqual(Object.keys(requestColumns));
  expect(typeOf('requests', 'time')).toBe('timestamp');
  expect(typeOf('requests', 'host')).toBe('string');
  expect(typeOf('requests', 'status')).toBe('int');
  expect(typeOf('requests', 'asn')).toBe('bigint');
  expect(typeOf('requests', 'range_end')).toBe('bigint');
  expect(typeOf('requests', 'duration')).toBe('double');
  expect(typeOf('requests', 'is_bot')).toBe('boolean');
  expect(typeOf('requests', 'extra')).toBe('map<string,string>');
  expect(typeOf('logs', 'attributes')).toBe('map<string,string>');
  expect(typeOf('rejects', 'at')).toBe('timestamp');
});

test('texts are UTF-8, and numbers have a sign', () => {
  expect(parquetList('rejects')).toBe(
    "toDateTime64(at, 3, 'UTC') AS at, toValidUTF8(origin) AS origin, accurateCastOrNull(line_number, 'Int64') AS line_number, " +
      'toValidUTF8(reason) AS reason, toValidUTF8(line) AS line, toValidUTF8(source_format) AS source_format, ' +
      "accurateCastOrNull(batch, 'Int64') AS batch",
  );
});
