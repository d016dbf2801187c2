import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyPreparedStore } from '../../test/prepared-store.ts';
import { termOf } from '../../web/src/filters/edit-filter.ts';
import { printFilter } from '../filters/print-filter.ts';
import { requestFields } from '../filters/request-fields.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { reports } from './catalog.ts';
import { filterReport, type Report, type ReportParameters } from './report.ts';
import { runReport } from './run-report.ts';
import { expectSame } from './test-doubles/expect-same.ts';
import { storeRandomRequests } from './test-doubles/random-requests.ts';

const everything: ReportParameters = {
  from: '2026-03-01 00:00:00',
  to: '2026-03-01 06:00:00',
  step: 600,
  limit: 50,
  q: '',
};
const part: ReportParameters = {
  ...everything,
  from: '2026-03-01 02:07:00',
  to: '2026-03-01 04:11:00',
  q: 'host:h1 distribution:E2',
};

/** The rollup that must be able to answer each report; the others read rows. */
const rollupOf: readonly (readonly [report: string, rollup: string])[] = [
  ['summary', 'by_minute'],
  ['summary', 'ttfb_by_minute'],
  ['requests-by-result', 'by_minute'],
  ['bandwidth', 'by_minute'],
  ['hit-ratio', 'by_minute'],
  ['ttfb', 'ttfb_by_minute'],
  ['status-classes', 'by_minute'],
  ['status-codes', 'by_minute'],
  ['bots', 'by_minute'],
];

let directory: string;
let store: Store;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-reports-'));
  store = await openStore({ directory: copyPreparedStore(directory) });
  for (const part of [0, 1, 2, 3]) await storeRandomRequests(store.engine, { first: part * 15_000 });
});

afterAll(async () => {
  await store?.close();
  await rm(directory, { recursive: true, force: true });
});

describe.each(reports)('$name', (report) => {
  it.each([
    ['all of it', everything],
    ['one host and distribution, odd borders', part],
  ])('answers the same from the rollup and from the rows: %s', async (_, parameters) => {
    const fromAny = await rowsOf(report, parameters, {});
    const fromRows = await rowsOf(report, parameters, { optimize_use_projections: 0 });
    expect(fromAny.length).toBeGreaterThan(0);
    expect(fromAny.length).toBe(fromRows.length);
    for (const [index, row] of fromAny.entries()) expectSame(report, row, fromRows[index] ?? {});
  });

  it('returns exactly the columns that it promises, in order', async () => {
    const [row] = await rowsOf(report, everything, {});
    const promised = report.columns.map(({ name }) => name);
    expect(Object.keys(row ?? {})).toEqual(promised);
  });

  it('answers an empty range without rows, or with nothing in them', async () => {
    const { rows } = await runReport(store.engine, report, {
      ...everything,
      from: '2001-01-01 00:00:00',
      to: '2001-01-02 00:00:00',
    });
    if (report.name === 'completeness') return expect(rows).toEqual([{ stored: 0, late: 0, sampled: 0, rejected: 0 }]);
    if (report.name !== 'summary') return expect(rows).toEqual([]);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ requests: 0, hit_ratio: null, ttfb_p95: null, first_time: null, viewers: 0 });
  });

  const fields = report.columns.filter(({ field }) => field !== undefined);
  if (fields.length === 0) return;
  it('gives the same row when its values are the filter', async () => {
    const rows = await rowsOf(report, everything, {});
    for (const row of rows.slice(0, 3)) {
      const terms = fields.map(({ name, field = '' }) => termOf(field, String(row[name])));
      const found = await rowsOf(report, { ...everything, q: printFilter(terms, requestFields) }, {});
      const isExact = (unit: string) => ['time', 'text', 'count', 'bytes'].includes(unit);
      const exact = report.columns.filter(({ unit }) => isExact(unit));
      const same = found.filter((other) => exact.every(({ name }) => other[name] === row[name]));
      expect(same, JSON.stringify(row)).toHaveLength(1);
    }
  });
});

describe('a range of seconds', () => {
  const seconds = { ...everything, from: '2026-03-01 02:07:10', to: '2026-03-01 02:08:25', step: 5 };

  it.each(reports)('$name answers the same as over rows of minutes, where both can', async (report) => {
    // 30 seconds make no difference to what is not by time, and the end of a minute none to what is.
    const minutes = { ...everything, from: '2026-03-01 02:07:00', to: '2026-03-01 02:09:00', step: 60 };
    if (report.columns[0]?.unit === 'time') return;
    const [coarse, fine] = await Promise.all([minutes, { ...minutes, step: 30 }].map(answer(report)));
    for (const [index, row] of (fine ?? []).entries()) expectSame(report, row, coarse?.[index] ?? {});
  });

  it('counts each second once, and none beside it', async () => {
    const byResult = reports.find(({ name }) => name === 'requests-by-result');
    if (!byResult) throw new Error('BUG: no such report');
    const rows = await answer(byResult)(seconds);
    const buckets = rows.map(({ bucket }) => String(bucket));
    expect(buckets[0]).toBe('2026-03-01 02:07:10');
    expect(buckets.at(-1)).toBe('2026-03-01 02:08:20');
    const [whole] = await store.engine.rows<{ total: number }>({
      sql: `
        SELECT round(sum(100 / sampling_rate)) AS total
        FROM requests
        WHERE time >= '2026-03-01 02:07:10' AND time < '2026-03-01 02:08:25'`,
    });
    const sum = rows.reduce((total, { requests }) => total + Number(requests), 0);
    // Each bucket is rounded.
    expect(Math.abs(sum - (whole?.total ?? 0))).toBeLessThanOrEqual(rows.length / 2);
  });
});

function answer(report: Report) {
  return async (parameters: ReportParameters) => (await runReport(store.engine, report, parameters)).rows;
}

describe('the rollups', () => {
  it.each(rollupOf)('%s is answered from %s', async (name, rollup) => {
    const report = reports.find((candidate) => candidate.name === name);
    if (!report) throw new Error(`BUG: no report ${name}`);
    // The engine fails a query with this setting when it does not use the projection.
    await rowsOf(report, everything, { force_optimize_projection_name: rollup });
  });
});

function rowsOf(report: Report, parameters: ReportParameters, settings: Record<string, string | number>) {
  const { sql, filterValues } = filterReport(report, parameters);
  return store.engine.rows<Record<string, unknown>>({ sql, params: { ...parameters, ...filterValues }, settings });
}
