import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseFilter } from '../filters/parse-filter.ts';
import { requestFields } from '../filters/request-fields.ts';
import { ScratchStore } from '../pipeline/test-doubles/scratch-store.ts';
import { findChanges } from './find-changes.ts';

let scratch: ScratchStore;
const toMs = Date.parse('2026-03-01T12:10:00Z');
const range = { fromMs: toMs - 10 * 60_000, toMs };

beforeAll(async () => {
  scratch = await ScratchStore.open();
  const store = (at: string, count: number, columns: Record<string, string>) =>
    scratch.store.engine.run({
      sql: `INSERT INTO requests (time, ${Object.keys(columns).join(', ')})
            SELECT toDateTime64('2026-03-01 ${at}', 3, 'UTC'), ${Object.values(columns).join(', ')} FROM numbers(${count})`,
    });
  const usual = {
    sampling_rate: '100',
    host: "'a'",
    path: "concat('/', toString(number % 10))",
    status: '500',
    country: "'DE'",
  };
  // 60 an hour are 10 in ten minutes.
  await store('11:30:00', 60, usual);
  await store('12:05:00', 10, usual);
  await store('12:06:00', 45, { ...usual, sampling_rate: '50', path: "'/checkout'", status: '503' });
  await store('12:07:00', 10, { ...usual, host: "'o''r'", path: "'/other'" });
  await store('12:07:00', 500, { ...usual, status: '200', path: "'/fine'" });
});
afterAll(() => scratch?.close());

test('names what has the largest share of the change, scaled to the length of the range', async () => {
  const filter = parseFilter('status:5xx', requestFields);
  const { signal } = new AbortController();
  const found = await findChanges(scratch.store.engine, { filter, range, signal });
  // 110 instead of 10, and of the hundred 90 are those of a sampled log.
  expect(found.map(({ dimension, value, share }) => [dimension, value, share])).toEqual([
    ['country', 'DE', 1],
    ['host', 'a', 0.9],
    ['path', '/checkout', 0.9],
    ['status', '503', 0.9],
  ]);
  expect(found.find(({ dimension }) => dimension === 'path')).toMatchObject({ requests: 90, before: 0 });
  const other = await findChanges(scratch.store.engine, {
    filter: [...filter, { field: 'host', isNegated: false, tests: [{ is: 'value', value: "o'r" }] }],
    range,
    signal,
  });
  expect(other.find(({ dimension }) => dimension === 'path')).toMatchObject({
    value: '/other',
    requests: 10,
    share: 1,
  });
});
