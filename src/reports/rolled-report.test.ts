import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyPreparedStore } from '../../test/prepared-store.ts';
import { printFilter } from '../filters/print-filter.ts';
import { requestFields } from '../filters/request-fields.ts';
import { purgeBatches } from '../ledger/purge-batches.ts';
import { readContents } from '../rollups/contents.ts';
import { RollupKeeper } from '../rollups/keep-rollups.ts';
import { createPeriodReader } from '../rollups/period-reader.ts';
import { dayMs, hourMs } from '../rollups/range.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { ofAllUpgrade, type Rollup, rollupsByName } from '../store/rollup-tables.ts';
import { reports } from './catalog.ts';
import { filterReport, type ReportParameters } from './report.ts';
import { formatSqlTime } from './report-window.ts';
import { rollUp } from './rolled-report.ts';
import { runReport } from './run-report.ts';
import { expectSame } from './test-doubles/expect-same.ts';
import { randomFilter, storeRandomRequests } from './test-doubles/random-requests.ts';
import { topPaths } from './top-paths.ts';

const startMs = Date.UTC(2026, 2, 1);
const hours = 4 * 24 + 5;
const rolled = reports.filter(({ rollups }) => rollups.length > 0);

const url = process.env.TAILRACE_TEST_CLICKHOUSE_URL;
if (!url) console.info('skipped: rollups on a ClickHouse server, because TAILRACE_TEST_CLICKHOUSE_URL is not set');

let directory: string;
let store: Store;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-rolled-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

/** Builds what two looks find unchanged; the last hour of the data is not over yet. */
async function keepRollups(nowMs = startMs + (hours - 1) * hourMs): Promise<void> {
  const keeper = new RollupKeeper(store.engine, { now: () => nowMs });
  await keeper.look();
  await keeper.look();
}

function readPeriods(range: Parameters<typeof readContents>[1]) {
  return readContents(store.engine, range);
}

const parameters = fc
  .record({
    fromMinute: fc.integer({ min: -600, max: hours * 60 - 1 }),
    minutes: fc.oneof(
      fc.integer({ min: 120, max: hours * 60 }),
      fc.integer({ min: 1, max: 5 }).map((days) => days * 1440),
    ),
    isAligned: fc.boolean(),
    step: fc.constantFrom(3600, 7200, 21_600, 86_400),
    limit: fc.constantFrom(3, 500),
    q: fc.oneof(
      fc.constantFrom('', 'host:h1'),
      randomFilter.map((filter) => printFilter(filter, requestFields)),
    ),
  })
  .map(({ fromMinute, minutes, isAligned, ...others }): ReportParameters => {
    const fromMs = startMs + (isAligned ? Math.floor(fromMinute / 60) * 60 : fromMinute) * 60_000;
    return { ...others, from: formatSqlTime(fromMs), to: formatSqlTime(fromMs + minutes * 60_000) };
  });

/** The same questions each time: how many of them rollups can answer is counted below. TAILRACE_SEED asks others. */
const seed = Number(process.env.TAILRACE_SEED ?? 1);

/** How many of the answers came from rollups. */
async function expectSameAnswers(numRuns: number, kind: keyof typeof stores): Promise<number> {
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...rolled), parameters, async (report, asked) => {
      const statement = await rollUp(report, asked, readPeriods);
      if (!statement) return;
      answered += 1;
      const found = (await runReport(store.engine, report, asked, { readPeriods })).rows;
      const settings = { optimize_use_projections: 0 };
      const { sql, filterValues } = filterReport(report, asked);
      const params = { ...asked, ...filterValues };
      const wanted = await store.engine.rows<Record<string, unknown>>({ sql, params, settings });
      expect(found.length).toBe(wanted.length);
      for (const [index, row] of found.entries()) expectSame(report, row, wanted[index] ?? {});
    }),
    // A server answers with the same code; it is slower, and what it is asked first is the same.
    { numRuns: kind === 'embedded' ? numRuns : Math.ceil(numRuns / 2), seed },
  );
  return answered;
}

function blocksBuilt(): Promise<{ hours: number; built: number }[]> {
  return store.engine.rows({
    sql: `SELECT hours, count() AS built FROM rollup_blocks GROUP BY hours ORDER BY hours`,
  });
}

const database = `tailrace_rolled_${process.pid}`;
const stores = {
  embedded: () => openStore({ directory: copyPreparedStore(directory) }),
  'a ClickHouse server': async () => {
    // Dictionaries are in the default database.
    await (await openStore({ url: url ?? '' })).close();
    const opened = await openStore({ url: url ?? '', database });
    const close = async () => {
      await opened.engine.run({ sql: `DROP USER IF EXISTS tailrace_question_${database}` });
      await opened.engine.run({ sql: `DROP DATABASE ${database} SYNC` });
      await opened.close();
    };
    return { ...opened, close };
  },
};

describe.each(url ? (['embedded', 'a ClickHouse server'] as const) : (['embedded'] as const))('%s', (kind) => {
  beforeAll(async () => {
    store = await stores[kind]();
    await storeRandomRequests(store.engine, { first: 0, hours, batch: 1 });
    await storeRandomRequests(store.engine, { first: 20_000, hours, batch: 2 });
  });

  afterAll(() => store?.close());

  test('reports answer the same from rollups and from rows, whatever happens to the rows', async () => {
    expect(await expectSameAnswers(5, kind), 'nothing is summed up yet').toBe(0);
    await keepRollups();
    expect(await blocksBuilt()).toEqual([
      { hours: 1, built: hours - 1 },
      { hours: 24, built: 4 },
    ]);
    expect(await expectSameAnswers(15, kind)).toBeGreaterThan(kind === 'embedded' ? 7 : 3);

    await storeRandomRequests(store.engine, { first: 40_000, count: 30, hours: 60, batch: 3 });
    expect(await expectSameAnswers(6, kind), 'rows that came late').toBeGreaterThan(0);
    await keepRollups();
    expect(await expectSameAnswers(6, kind), 'rows that came late, summed up').toBeGreaterThan(0);

    await purgeBatches(store.engine, ['3']);
    expect(await expectSameAnswers(6, kind), 'a batch that was taken back').toBeGreaterThan(0);

    // As many rows, but others.
    await purgeBatches(store.engine, ['2']);
    await storeRandomRequests(store.engine, { first: 20_000, hours, batch: 4 });
    const day = { fromMs: startMs, toMs: startMs + dayMs };
    expect((await readContents(store.engine, day)).filter(({ block }) => block)).toEqual([]);
  });

  test('top lists from cut lists are those of rows, or rows are read', async () => {
    // More paths in an hour than a list has; which ones differs from hour to hour, and so does their order.
    await store.engine.run({
      sql: `
        INSERT INTO requests (time, path, status, method, result, sampling_rate, bytes_sent, batch, line_number)
        SELECT
          toDateTime64('2026-03-10 00:00:00', 3, 'UTC') + number % 7200,
          concat('/', toString(intDiv(4000, 1 + sipHash64(number) % 4000) + if(sipHash64(number) % 3 = 0, 0, 10 * (number % 2)))),
          if(number % 7 = 0, 404, 200), 'GET', if(number % 5 = 0, 'Miss', 'Hit'), 100, number % 1000, 9, number
        FROM numbers(20000)
        UNION ALL
        SELECT
          toDateTime64('2026-03-10 00:00:00', 3, 'UTC') + number % 7200,
          concat('/rare/', toString(intDiv(number, 3))), 200, 'GET', 'Hit', 100, 1, 10, number
        FROM numbers(9000)`,
    });
    await keepRollups(Date.UTC(2026, 2, 11));
    const asked = (limit: number): ReportParameters => ({
      ...{ from: '2026-03-10 00:00:00', to: '2026-03-10 02:00:00', step: 3600, limit, q: '' },
    });
    const certainty = async (limit: number) => {
      const [row] = await store.engine.rows<{ is_certain: number }>(
        (await rollUp(topPaths, asked(limit), readPeriods)) ?? { sql: '' },
      );
      return row?.is_certain;
    };
    expect([await certainty(3), await certainty(1000)]).toEqual([1, 0]);
    for (const limit of [1, 3, 20, 100, 1000]) {
      const found = (await runReport(store.engine, topPaths, asked(limit), { readPeriods })).rows;
      const wanted = await runReport(store.engine, topPaths, asked(limit));
      expect(found, `the first ${limit}`).toEqual(wanted.rows);
    }
  });

  test('hours with nearly as many viewers as rows are summed up without them, and their viewers are read from rows', async () => {
    await store.engine.run({
      sql: `
        INSERT INTO requests (time, client_ip, path, status, method, result, sampling_rate, bytes_sent, batch, line_number)
        SELECT
          toDateTime64('2026-03-20 00:00:00', 3, 'UTC') + number % 7200, toString(if(number % 2 = 0, number, number % 500)),
          '/', 200, 'GET', 'Hit', 100, 1, 11, number
        FROM numbers(12000)`,
    });
    await keepRollups(Date.UTC(2026, 2, 21));
    const day = { fromMs: Date.UTC(2026, 2, 20), toMs: Date.UTC(2026, 2, 21) };
    const found = await readPeriods(day);
    expect(found.map(({ hours, block, lacksClients }) => [hours, block !== undefined, lacksClients])).toEqual([
      [1, true, true],
      [24, true, true],
      [1, true, true],
    ]);
    const asked: ReportParameters = {
      ...{ from: '2026-03-20 00:00:00', to: '2026-03-20 02:00:00', step: 3600, limit: 9, q: '' },
    };
    for (const report of rolled) {
      const answer = await runReport(store.engine, report, asked, { readPeriods });
      const wanted = await runReport(store.engine, report, asked);
      for (const [index, row] of wanted.rows.entries()) expectSame(report, answer.rows[index] ?? {}, row);
    }
    const isRolled = async (name: string) =>
      (await rollUp(reports.find((report) => report.name === name) ?? topPaths, asked, readPeriods)) !== undefined;
    expect([await isRolled('summary'), await isRolled('top-viewers')]).toEqual([true, false]);
    // No block is taken for damaged because of it.
    await createPeriodReader(store.engine)(day);
    expect(await readPeriods(day)).toEqual(found);
  });

  test('a block of which rows were lost is built again', async () => {
    await keepRollups();
    await store.engine.run({
      sql: `ALTER TABLE rollup_errors DELETE WHERE hours = 1 AND start < '2026-03-01 02:00:00'`,
      settings: { mutations_sync: 2 },
    });
    const day = { fromMs: startMs, toMs: startMs + dayMs };
    const listed = async () => (await createPeriodReader(store.engine)(day)).filter(({ block }) => block).length;
    expect(await listed()).toBe(23);
    await keepRollups();
    expect(await listed()).toBe(25);
  });

  test('blocks of an older store get their sums of all distributions out of those they have', async () => {
    await keepRollups();
    const made = Object.values<Rollup>(rollupsByName).filter(({ from }) => from !== undefined);
    const groups = made.map(
      ({ table }) =>
        `SELECT '${table}' AS name, block, sum(rows) AS rows, count() AS groups FROM ${table} GROUP BY block`,
    );
    const counted = () =>
      store.engine.rows({
        sql: `
          SELECT * FROM (${groups.join(' UNION ALL ')})
          WHERE block IN (SELECT block FROM rollup_blocks WHERE NOT lacks_clients)
          ORDER BY name, block`,
      });
    const before = await counted();
    expect(before.length).toBeGreaterThan(made.length * 90);
    for (const { table } of made) await store.engine.run({ sql: `DROP TABLE ${table} SYNC` });
    for (const sql of ofAllUpgrade) await store.engine.run({ sql });
    expect(await counted()).toEqual(before);
    expect(await expectSameAnswers(4, kind)).toBeGreaterThan(0);
  });

  test('retention leaves no sums of rows that it deleted', async () => {
    const counted = async () => {
      const asked: ReportParameters = {
        ...{
          from: '2026-03-01 00:00:00',
          to: '2026-03-31 00:00:00',
          step: 86_400,
          limit: 9,
          q: '',
        },
      };
      const summary = reports.find(({ name }) => name === 'summary') ?? topPaths;
      expect(await rollUp(summary, asked, readPeriods)).toBeDefined();
      const [answer] = (await runReport(store.engine, summary, asked, { readPeriods })).rows;
      const [rows] = await store.engine.rows<{ n: number }>({
        sql: 'SELECT round(sum(100 / sampling_rate)) AS n FROM requests SETTINGS optimize_use_projections = 0',
      });
      return { reported: answer?.requests, stored: rows?.n };
    };
    await keepRollups(Date.UTC(2026, 2, 21));
    const before = await counted();
    expect(before.reported).toBe(before.stored);
    await store.engine.run({
      sql: "ALTER TABLE requests MODIFY TTL toDateTime(time) + INTERVAL 1 SECOND DELETE WHERE time < '2026-03-02'",
    });
    await store.engine.run({ sql: 'ALTER TABLE requests MATERIALIZE TTL', settings: { mutations_sync: 2 } });
    const after = await counted();
    expect(after.reported).toBe(after.stored);
    expect(after.stored).toBeLessThan(before.stored ?? 0);
    await store.engine.run({ sql: 'ALTER TABLE requests REMOVE TTL' });
  });
});

test('every report of the first screen has rollups, but for the paths that fail', () => {
  const without = reports.filter(({ rollups }) => rollups.length === 0).map(({ name }) => name);
  const later =
    'operating-systems referrers content-types methods http-versions tls-versions countries-by-duration countries-by-ttfb'.split(
      ' ',
    );
  expect(without).toEqual(['failing-paths', 'missing-paths', ...later]);
});
