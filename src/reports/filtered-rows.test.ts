import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyPreparedStore } from '../../test/prepared-store.ts';
import { fillParameters } from '../../web/src/sql/fill-parameters.ts';
import { compileFilter } from '../filters/compile-filter.ts';
import type { Filter } from '../filters/filter.ts';
import { parseFilter } from '../filters/parse-filter.ts';
import { printFilter } from '../filters/print-filter.ts';
import { requestFields } from '../filters/request-fields.ts';
import { type FieldValues, matchesRow } from '../filters/test-doubles/match-row.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { filteredFields, hostilePaths, randomFilter, storeRandomRequests } from './test-doubles/random-requests.ts';

let directory: string;
let store: Store;
let rows: FieldValues[];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-filtered-'));
  store = await openStore({ directory: copyPreparedStore(directory) });
  await storeRandomRequests(store.engine, { first: 0, count: 1500 });
  await store.engine.run({
    sql: `INSERT INTO requests (time, path, line_number) SELECT '2026-03-01 00:00:00', path, 5000 FROM (SELECT arrayJoin({paths:Array(String)}) AS path)`,
    params: { paths: hostilePaths },
  });
  const columns = filteredFields.map(({ name, sql }) => `${sql} AS ${name}`);
  rows = await store.engine.rows({ sql: `SELECT ${columns.join(', ')} FROM requests` });
});

afterAll(async () => {
  await store?.close();
  await rm(directory, { recursive: true, force: true });
});

function countOf(filter: Filter) {
  const { sql, params } = compileFilter(filter, requestFields);
  return { sql: `SELECT count() AS n FROM requests${sql === '' ? '' : ` WHERE ${sql}`}`, params };
}

/** As the SQL page asks, with the values as literals. */
async function askFilled(filter: Filter): Promise<number> {
  const { sql, params } = countOf(filter);
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.engine.ask({ sql: fillParameters(sql, params) }, { format: 'TSV' }))
    chunks.push(chunk);
  return Number(Buffer.concat(chunks).toString());
}

test('a filter takes the rows that it says, by its placeholders and as SQL that is opened', async () => {
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(randomFilter, fc.boolean(), async (filter, isOpened) => {
      const wanted = rows.filter((row) => matchesRow(filter, row, requestFields)).length;
      if (wanted > 0 && wanted < rows.length) taken += 1;
      const [counted] = await store.engine.rows<{ n: number }>(countOf(filter));
      expect(counted?.n).toBe(wanted);
      if (isOpened) expect(await askFilled(filter)).toBe(wanted);
    }),
    { numRuns: 60, seed: Number(process.env.TAILRACE_SEED ?? 1) },
  );
  expect(taken, 'filters that take some rows').toBeGreaterThan(20);
});

test.each(hostilePaths.map((path) => [path]))(
  'the path %j is found, and it alone, whatever its characters mean elsewhere',
  async (path) => {
    const filters: Filter[] = [
      [{ field: 'path', isNegated: false, tests: [{ is: 'value', value: path }] }],
      [{ field: 'path', isNegated: false, tests: [{ is: 'like', parts: ['', path, ''] }] }],
    ];
    for (const filter of filters) {
      const read = parseFilter(printFilter(filter, requestFields), requestFields);
      const wanted = rows.filter((row) => matchesRow(filter, row, requestFields)).length;
      expect((await store.engine.rows<{ n: number }>(countOf(read)))[0]?.n).toBe(wanted);
      expect(await askFilled(read)).toBe(wanted);
    }
  },
);
