import { expect, it } from 'vitest';
import { readSqlPageAddress } from '../sql/sql-page-address.ts';
import { eventsAddress, ledgerAddress, rejectsAddress } from './pipeline-queries.ts';

const since = '2026-11-20 14:00:01.999';

it.each([ledgerAddress, rejectsAddress, eventsAddress])(
  'asks for what its own origins brought since the start',
  (make) => {
    const sql = readSqlPageAddress(make({ since, origins: ['firehose:', 'otlp'] }));
    expect(sql).toMatch(/_?at >= '2026-11-20 14:00:01'\n/);
    expect(sql).toContain("AND (startsWith(origin, 'firehose:') OR startsWith(origin, 'otlp'))");
  },
);

it('cannot be ended early by an origin, and asks for all where none is known', () => {
  expect(readSqlPageAddress(rejectsAddress({ since, origins: ["s3://a'b\\"] }))).toContain("'s3://a\\'b\\\\'");
  expect(readSqlPageAddress(rejectsAddress({ since, origins: [] }))).not.toContain('startsWith');
});
