import { expect, test } from 'vitest';
import { parquetColumns } from '../schema/parquet-columns.ts';
import { lakeDdl } from './lake-ddl.ts';

const location = 's3://edge-lake/lake/';

test('the tables of Athena have the columns of the files, and find partitions by their names', () => {
  const [requests = '', logs = '', view = ''] = lakeDdl({
    location,
    tables: ['requests', 'logs'],
    firstDay: '2026-01-01',
  });
  for (const { name, type } of parquetColumns.requests) expect(requests).toContain(`  \`${name}\` ${type}`);
  expect(requests).toContain(`LOCATION 's3://edge-lake/lake/requests/'`);
  expect(requests).toContain(`'projection.dt.range' = '2026-01-01,NOW'`);
  expect(requests).toContain(`'storage.location.template' = 's3://edge-lake/lake/requests/dt=\${dt}/hour=\${hour}/'`);
  expect(logs).toContain('CREATE EXTERNAL TABLE IF NOT EXISTS logs (');
  for (const name of ['requestip', 'location', 'isbot', 'bytes', 'year', 'hour'])
    expect(view).toContain(`AS "${name}"`);
  // Functions of ClickHouse alone.
  expect(view).not.toMatch(/formatDateTime|toDate|if\(/);
});

test('only the tables that the lake has', () => {
  expect(lakeDdl({ location, tables: ['logs'], firstDay: '2026-01-01' })).toHaveLength(1);
});
