import { expect, it } from 'vitest';
import { readSqlPageAddress } from '../sql/sql-page-address.ts';
import { eventsAddress, ledgerAddress, rejectsAddress } from './pipeline-queries.ts';

const since = '2026-11-20 14:00:01.999';

it.each([ledgerAddress, rejectsAddress, eventsAddress])(
  'asks for what the pipeline itself brought since the start',
  (make) => {
    const sql = readSqlPageAddress(make({ since, pipeline: 'edge' }));
    expect(sql).toContain("at >= '2026-11-20 14:00:01'");
    expect(sql).toContain("pipeline = 'edge'");
  },
);

it('cannot be ended early by a name', () => {
  expect(readSqlPageAddress(rejectsAddress({ since, pipeline: "a'b\\" }))).toContain("'a\\'b\\\\'");
});
