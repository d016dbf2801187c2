import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../engine/engine.ts';
import { defaultLimits, openEngine } from '../../engine/open-engine.ts';
import { epochOfParts, isTime, timeParams, timeParts } from './epoch-expression.ts';

let engine: Engine;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-epoch-'));
  engine = await openEngine({ directory }, { limits: defaultLimits });
});

afterAll(async () => {
  await engine?.close();
  await rm(directory, { recursive: true, force: true });
});

/** @returns milliseconds since 1970, 0 for an invalid time; read on 1 March 2026 */
async function epochs(values: readonly string[], bareMilliseconds = false): Promise<number[]> {
  const rows = await engine.rows<{ ms: number }>({
    sql: `
      SELECT if(${isTime('epoch')}, epoch, 0) AS ms
      FROM (
        SELECT arrayMap((parts) -> ${epochOfParts('parts', 'latest', bareMilliseconds)}, [parts])[1] AS epoch
        FROM (
          SELECT ${timeParts('value')} AS parts, '2026-03-02' AS latest
          FROM (SELECT arrayJoin({values:Array(String)}) AS value)
        )
      )`,
    params: { values, ...timeParams },
  });
  return rows.map(({ ms }) => ms);
}

const noon = Date.UTC(2026, 2, 1, 12);

test.each([
  ['2026-03-01T12:00:00Z', noon],
  ['2026-03-01 12:00:00', noon],
  ['2026/03/01 12:00:00', noon],
  ['2026-03-01T12:00:00.5Z', noon + 500],
  ['2026-03-01 12:00:00,123', noon + 123],
  ['2026-03-01T12:00:00.123456789+00:00', noon + 123],
  ['2026-03-01T17:30:00+05:30', noon],
  ['2026-03-01T08:30:00-0330', noon],
  ['2026-03-01T07:00:00-05', noon],
  ['01/Mar/2026:14:00:00 +0200', noon],
  ['01/Mar/2026:14:00:00+0200', noon],
  ['Sun Mar 01 12:00:00.250000 2026', noon + 250],
  ['Sun Mar  1 12:00:00 2026', noon],
  ['Sun, 01 Mar 2026 12:00:00 GMT', noon],
  ['Sun, 1 Mar 2026 13:00:00 +0100', noon],
  ['Mar  1 12:00:00', noon],
  ['Mar  3 12:00:00', Date.UTC(2025, 2, 3, 12)],
  ['{"epochSecond":1772366400,"nanoOfSecond":5000000}', noon + 5],
  [String(noon / 1000), noon],
  ['1772366400.123', noon + 123],
  [String(noon), noon],
  [`${noon}000`, noon],
  [`${noon}000000`, noon],
  ['1.7723664e9', noon],
  // Not times.
  ['', 0],
  ['-', 0],
  ['0', 0],
  ['-5', 0],
  ['nan', 0],
  ['inf', 0],
  ['1e300', 0],
  ['0.35', 0],
  ['20260301', 0],
  ['2026-03-01', 0],
  ['12:00:00', 0],
  ['2026-02-30T12:00:00Z', 0],
  ['2026-13-01T12:00:00Z', 0],
  ['2026-03-01T24:00:01Z', 0],
  ['1969-12-31T12:00:00Z', 0],
  ['2150-01-01T12:00:00Z', 0],
  ['9999-12-31T23:59:59Z', 0],
  ['Abc 01 12:00:00', 0],
  ['99999999999999999999999', 0],
  ['2026-03-01T12:00:00Z trailing', 0],
  ['a|b|c|d|e|f|g|h|i', 0],
])('%s', async (value, ms) => {
  expect(await epochs([value])).toEqual([ms]);
});

test('a fraction that Python wrote without zeros is whole milliseconds', async () => {
  const values = ['7', '70', '007', '123456'].map((fraction) => `2026-03-01T12:00:00.${fraction}Z`);
  expect(await epochs(values, true)).toEqual([noon + 7, noon + 70, noon + 7, noon + 123]);
});

test('what JavaScript writes as a date is read as it means', async () => {
  const date = fc.date({ min: new Date(Date.UTC(2000)), max: new Date(Date.UTC(2100)), noInvalidDate: true });
  const dates = fc.sample(date, { numRuns: 2000, seed: 4 });
  const whole = dates.map((one) => one.getTime() - one.getUTCMilliseconds());
  expect(await epochs(dates.map((one) => one.toISOString()))).toEqual(dates.map((one) => one.getTime()));
  expect(await epochs(dates.map((one) => one.toUTCString()))).toEqual(whole);
});
