import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyPreparedStore } from '../../test/prepared-store.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { findReport } from './catalog.ts';
import type { ReportParameters } from './report.ts';
import { runReport } from './run-report.ts';

/** The fields of a log line that a report uses; the rest is an ordinary hit. */
interface Request {
  readonly time?: string;
  readonly method?: string;
  readonly status?: number;
  readonly result?: string;
  readonly response_result?: string;
  readonly detailed_result?: string;
  readonly bytes_sent?: number;
  readonly ttfb?: number | null;
  readonly client_ip?: string;
  readonly path?: string;
  readonly edge_location?: string;
  readonly sampling_rate?: number;
  readonly is_bot?: boolean;
  readonly bot?: string;
}

const usual = {
  time: '2026-03-01 01:00:00.000',
  method: 'GET',
  status: 200,
  result: 'Hit',
  response_result: 'Hit',
  detailed_result: 'Hit',
  bytes_sent: 100,
  ttfb: 0.1,
  client_ip: '192.0.2.1',
  path: '/',
  edge_location: 'FRA56-P4',
  sampling_rate: 100,
  is_bot: false,
  bot: '',
} satisfies Required<Request>;

const day: ReportParameters = {
  from: '2026-03-01 00:00:00',
  to: '2026-03-02 00:00:00',
  step: 3600,
  limit: 10,
  q: '',
};

let directory: string;
let store: Store;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-reports-'));
  store = await openStore({ directory: copyPreparedStore(directory) });
});

afterAll(async () => {
  await store?.close();
  await rm(directory, { recursive: true, force: true });
});

describe('summary', () => {
  it('sets the range against the period of equal length before it', async () => {
    await storeOnly([
      { result: 'Miss', response_result: 'Miss', bytes_sent: 300, ttfb: 0.5, client_ip: '192.0.2.2' },
      {},
      { status: 404, result: 'Error' },
      { status: 502, result: 'Error', time: '2026-03-01 23:59:59.999' },
      { time: '2026-02-28 00:00:00.000', bytes_sent: 50, ttfb: 0.2 },
      { time: '2026-02-27 23:59:59.999', bytes_sent: 7_000_000 },
      { time: '2026-03-02 00:00:00.000', bytes_sent: 7_000_000 },
    ]);
    const [row] = await rowsOf('summary');
    expect(row).toMatchObject({
      requests: 4,
      previous_requests: 1,
      bytes: 600,
      previous_bytes: 50,
      hit_ratio: 0.5,
      previous_hit_ratio: 1,
      share_4xx: 0.25,
      previous_share_4xx: 0,
      share_5xx: 0.25,
      viewers: 2,
      previous_viewers: 1,
      first_time: '2026-03-01 01:00:00.000',
      last_time: '2026-03-01 23:59:59.999',
    });
    expect(row?.previous_ttfb_p95).toBeCloseTo(0.2, 5);
  });

  it('scales sampled logs', async () => {
    await storeOnly([{ sampling_rate: 10 }, { sampling_rate: 50 }]);
    expect((await rowsOf('summary'))[0]).toMatchObject({ requests: 12, bytes: 1200, viewers: 1 });
  });
});

describe('hit-ratio', () => {
  it('tells its five definitions apart', async () => {
    await storeOnly([
      { bytes_sent: 100 },
      { bytes_sent: 200, result: 'RefreshHit', response_result: 'RefreshHit' },
      { bytes_sent: 300, result: 'Miss', response_result: 'Miss' },
      { bytes_sent: 400, result: 'Miss', response_result: 'Miss', method: 'POST' },
      { bytes_sent: 0, result: 'Miss', response_result: 'Miss', status: 101 },
      { bytes_sent: 0, result: 'Error', response_result: 'Hit' },
      { bytes_sent: 0, result: 'Error', response_result: 'Error', status: 503 },
      { bytes_sent: 0, result: 'Redirect', response_result: 'Redirect', status: 301 },
    ]);
    const [row] = await rowsOf('hit-ratio');
    expect(row).toEqual({
      bucket: '2026-03-01 01:00:00',
      cacheable: 2 / 3,
      console: 2 / 8,
      all: 2 / 8,
      bytes: 300 / 1000,
      origin_offload: 1 - 700 / 1000,
    });
  });

  it('has no ratio of nothing, and no console ratio without its field', async () => {
    await storeOnly([{ result: 'Error', response_result: '', status: 500 }]);
    expect((await rowsOf('hit-ratio'))[0]).toMatchObject({ cacheable: null, console: null, all: 0 });
  });
});

describe('over time', () => {
  it('bandwidth is bits a second of the bucket, scaled', async () => {
    await storeOnly([{ bytes_sent: 450 }, { bytes_sent: 900, sampling_rate: 50, result: 'Miss' }]);
    expect(await rowsOf('bandwidth')).toEqual([
      { bucket: '2026-03-01 01:00:00', result: 'Hit', bandwidth: 1 },
      { bucket: '2026-03-01 01:00:00', result: 'Miss', bandwidth: 4 },
    ]);
  });

  it('status classes keep viewers apart that left before an answer', async () => {
    await storeOnly([
      { status: 0, sampling_rate: 50 },
      { status: 204 },
      { status: 599, time: '2026-03-01 02:59:59.999' },
    ]);
    expect(await rowsOf('status-classes')).toEqual([
      { bucket: '2026-03-01 01:00:00', class: '000', requests: 2 },
      { bucket: '2026-03-01 01:00:00', class: '2xx', requests: 1 },
      { bucket: '2026-03-01 02:00:00', class: '5xx', requests: 1 },
    ]);
  });

  it('time to first byte leaves out what has none, and shows hits and misses apart', async () => {
    await storeOnly([{ ttfb: 0.125 }, { ttfb: null }, { ttfb: 0.5, result: 'Miss' }, { ttfb: 2, result: 'Error' }]);
    expect(await rowsOf('ttfb')).toMatchObject([{ p50: 0.5, p99: 2, p95_hit: 0.125, p95_miss: 0.5 }]);
    await storeOnly([{ ttfb: null }]);
    expect(await rowsOf('ttfb')).toMatchObject([{ p50: null, p99: null, p95_hit: null, p95_miss: null }]);
  });
});

describe('errors', () => {
  it.each<[group: string | undefined, cause: string | undefined, request: Request]>([
    [undefined, undefined, {}],
    [undefined, undefined, { result: 'Redirect', detailed_result: 'Redirect', status: 301 }],
    [undefined, undefined, { result: 'Miss', detailed_result: 'OriginShieldHit' }],
    ['Viewer left', 'ClientCommError', { status: 0, result: 'Error', detailed_result: 'ClientCommError' }],
    ['Viewer left', 'Left before the answer', { status: 0, result: 'Error', detailed_result: 'Error' }],
    ['Viewer left', 'Left during the download', { result: 'Error', detailed_result: 'Error', response_result: 'Miss' }],
    ['Viewer left', 'SlowReaderOriginError', { result: 'Error', detailed_result: 'SlowReaderOriginError' }],
    ['Bad request', 'InvalidRequestMethod', { status: 400, result: 'Error', detailed_result: 'InvalidRequestMethod' }],
    ['Policy', 'ClientGeoBlocked', { status: 403, result: 'Error', detailed_result: 'ClientGeoBlocked' }],
    ['Policy', 'LimitExceeded', { status: 503, result: 'LimitExceeded', detailed_result: '' }],
    [
      'Origin',
      'AbortedOrigin',
      { status: 502, result: 'Error', detailed_result: 'AbortedOrigin', response_result: 'Hit' },
    ],
    ['Origin', 'OriginDnsError', { status: 502, result: 'Error', detailed_result: 'OriginDnsError' }],
    ['CDN', 'CapacityExceeded', { status: 503, result: 'CapacityExceeded', detailed_result: 'CapacityExceeded' }],
    [
      'Passed through',
      'Status 404',
      { status: 404, result: 'Error', detailed_result: 'Error', response_result: 'Error' },
    ],
    ['Passed through', 'Status 404', { status: 404, result: 'Error', detailed_result: '', response_result: '' }],
    ['Passed through', 'Status 500', { status: 500, result: 'Miss', detailed_result: 'MissGeneratedResponse' }],
    [
      'Passed through',
      'NewWordOfAws',
      { status: 500, result: 'Error', detailed_result: 'NewWordOfAws', response_result: 'Error' },
    ],
    ['Other', 'Error', { result: 'Error', detailed_result: 'Error', response_result: 'Error' }],
  ])('%s: %s', async (group, cause, request) => {
    await storeOnly([request]);
    const rows = await rowsOf('errors');
    if (group === undefined) return expect(rows).toEqual([]);
    const time = usual.time;
    expect(rows).toEqual([{ group, cause, requests: 1, first_time: time, last_time: time }]);
  });
});

describe('lists', () => {
  it('takes the largest first and no more than asked for', async () => {
    await storeOnly([{ path: '/b' }, { path: '/a' }, { path: '/c' }, { path: '/c', status: 500, result: 'Error' }]);
    expect(await rowsOf('top-paths', { limit: 2 })).toMatchObject([
      { path: '/c', requests: 2, bytes: 200, hit_ratio: 1, error_share: 0.5 },
      { path: '/a', requests: 1, hit_ratio: 1, error_share: 0 },
    ]);
  });

  it('shares are of all requests, not of those in the list', async () => {
    await storeOnly([{}, {}, {}, { status: 404 }]);
    expect(await rowsOf('status-codes', { limit: 1 })).toEqual([{ status: '200', requests: 3, share: 0.75 }]);
  });

  it('names the place of an edge location', async () => {
    await storeOnly([{ edge_location: 'FRA56-P4' }, { edge_location: 'XXX1', time: '2026-03-01 02:00:00.000' }]);
    const rows = await rowsOf('edge-locations');
    expect(rows[0]).toMatchObject({ edge_location: 'FRA56-P4', place: expect.stringMatching(/^Frankfurt.*, DE$/) });
    expect(rows[1]).toMatchObject({ edge_location: 'XXX1', place: '' });
  });

  it('keeps bots apart', async () => {
    await storeOnly([{}, {}, { is_bot: true, bot: 'GPTBot' }]);
    expect(await rowsOf('bots')).toEqual([{ bucket: '2026-03-01 01:00:00', people: 2, bots: 1 }]);
    expect(await rowsOf('top-bots')).toMatchObject([{ bot: 'GPTBot', requests: 1 }]);
    expect(await rowsOf('browsers')).toMatchObject([{ requests: 2, share: 1 }]);
  });
});

const types = `
  time DateTime64(3, 'UTC'), method String, status UInt16, result String, response_result String,
  detailed_result String, bytes_sent UInt64, ttfb Nullable(Float32), client_ip String, path String,
  edge_location String, sampling_rate UInt8, is_bot Bool, bot String`;

/** Empties the table and stores these requests. */
async function storeOnly(requests: readonly Request[]): Promise<void> {
  await store.engine.run({ sql: 'TRUNCATE TABLE requests' });
  await store.engine.run({
    sql: `
      INSERT INTO requests (${Object.keys(usual).join(', ')})
      SELECT ${Object.keys(usual).join(', ')} FROM format(JSONEachRow, {types:String}, {rows:String})`,
    params: { types, rows: requests.map((request) => JSON.stringify({ ...usual, ...request })).join('\n') },
  });
}

async function rowsOf(name: string, changed: Partial<ReportParameters> = {}) {
  const report = findReport(name);
  if (!report) throw new Error(`BUG: no report ${name}`);
  return (await runReport(store.engine, report, { ...day, ...changed })).rows;
}

describe('completeness', () => {
  it('counts what is late, sampled and rejected in the range', async () => {
    await storeOnly([{}, { sampling_rate: 50 }, { time: '2026-03-05 00:00:00.000' }]);
    // Begun at 02:30 on 1 March: an hour and a half after the events of the first two.
    const begun = (BigInt(Date.UTC(2026, 2, 1, 2, 30) - Date.UTC(2020, 0, 1)) << 22n).toString();
    await store.engine.run({
      sql: `INSERT INTO requests (time, sampling_rate, batch, object) VALUES
        ('2026-03-01 01:00:00.000', 100, ${begun}, 1), ('2026-03-01 02:00:00.000', 100, ${begun}, 1)`,
    });
    await store.engine.run({
      sql: `INSERT INTO ledger (batch, object, origin, rejected, first_time, last_time, stored_at) VALUES
        (${begun}, 1, 'a', 3, '2026-03-01 01:00:00', '2026-03-01 02:00:00', '2026-03-01 02:31:00'),
        (${begun}, 2, 'all rejected', 5, NULL, NULL, '2026-03-01 02:31:00'),
        (${begun}, 3, 'of another day', 7, '2026-03-05 00:00:00', '2026-03-05 01:00:00', '2026-03-01 02:31:00')`,
    });
    const report = findReport('completeness');
    if (!report) throw new Error('BUG: no such report');
    expect((await runReport(store.engine, report, day)).rows).toEqual([
      { stored: 4, late: 1, sampled: 1, rejected: 8 },
    ]);
    // No request of this host: no object of it either.
    expect((await runReport(store.engine, report, { ...day, q: 'host:none' })).rows).toEqual([
      { stored: 0, late: 0, sampled: 0, rejected: 0 },
    ]);
  });
});
