import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { durationUnit, fieldNames } from '../../src/dashboards/field-names.ts';
import type { SavedObject } from '../../src/dashboards/saved-object.ts';
import { searchDashboards } from '../../src/dashboards/search-dashboards.ts';
import { namings } from '../../src/destinations/opensearch/field-naming.ts';
import { indexPatterns } from '../../src/destinations/opensearch/index-name.ts';
import { createOpensearchDestination } from '../../src/destinations/opensearch/opensearch-destination.ts';
import { Destinations } from '../../src/destinations/run-destinations.ts';
import { openSink } from '../../src/pipeline/open-sink.ts';
import { ScratchStore } from '../../src/pipeline/test-doubles/scratch-store.ts';
import { findReport } from '../../src/reports/catalog.ts';
import { type ReportRow, runReport } from '../../src/reports/run-report.ts';
import { type Aggregations, dashboardSearches, type Row } from './dashboard-search.ts';

const nodes = [
  ['OpenSearch', 'TAILRACE_TEST_OPENSEARCH_URL'],
  ['Elasticsearch', 'TAILRACE_TEST_ELASTICSEARCH_URL'],
] as const;

const fields = [
  ...['date', 'time', 'x-edge-location', 'sc-bytes', 'c-ip', 'cs-method', 'cs(Host)', 'cs-uri-stem', 'sc-status'],
  ...['cs(User-Agent)', 'x-edge-result-type', 'x-edge-response-result-type', 'x-edge-detailed-result-type'],
  ...['time-taken', 'time-to-first-byte', 'c-country'],
];
const agents = [
  'Mozilla/5.0%20(Windows%20NT%2010.0;%20Win64;%20x64)%20AppleWebKit/537.36%20(KHTML,%20like%20Gecko)%20Chrome/126.0.0.0%20Safari/537.36',
  'Mozilla/5.0%20(X11;%20Linux%20x86_64;%20rv:128.0)%20Gecko/20100101%20Firefox/128.0',
  'Mozilla/5.0%20(compatible;%20GPTBot/1.2;%20+https://openai.com/gptbot)',
  'curl/8.5.0',
  '-',
];
/** Status, result, response result and detailed result: hits, misses, and an error of every group. */
const outcomes = [
  ...['200 Hit Hit Hit', '200 Hit Hit Hit', '304 RefreshHit RefreshHit RefreshHit', '200 Miss Miss Miss'],
  ...['200 Miss Miss OriginShieldHit', '301 Redirect Redirect Redirect', '101 Miss Miss Miss', '399 Miss Hit Miss'],
  ...[
    '000 Error Error ClientCommError',
    '000 Error Miss Error',
    '200 Error Miss Error',
    '206 Error Hit SlowReaderOriginError',
  ],
  ...['400 Error Error InvalidRequestMethod', '403 Error Error ClientGeoBlocked', '503 LimitExceeded LimitExceeded -'],
  ...['502 Error Error AbortedOrigin', '502 Error Hit OriginDnsError', '502 Error - OriginConnectError'],
  ...[
    '503 CapacityExceeded CapacityExceeded CapacityExceeded',
    '500 Error Error NewWordOfAws',
    '404 Error Error Error',
  ],
  ...['404 Error - -', '200 Error Error Error', '500 Miss Miss MissGeneratedResponse', '200 - - -'],
];
/** Ends of ranges are among them. */
const seconds = [
  '0.000',
  '0.099',
  '0.100',
  '0.250',
  '0.500',
  '0.999',
  '1.000',
  '2.500',
  '4.999',
  '5.000',
  '31.250',
  '-',
];
const countries = ['DE', 'DE', 'DE', 'FR', 'US', 'US', 'JP', '-'];

/** Requests of one day, every value with every other one. */
function logOf(day: number, count: number): string {
  const pick = <T>(list: readonly T[], index: number) => list[index % list.length] as T;
  const lines = Array.from({ length: count }, (_, index) => {
    const [status, ...results] = pick(outcomes, index).split(' ');
    const turn = Math.floor(index / outcomes.length);
    return [
      ...[`2026-03-0${day}`, `${String((index * 7) % 24).padStart(2, '0')}:${index % 2 ? '00:00' : '59:59'}`],
      ...[pick(['FRA56-P4', 'IAD89-C1', 'NRT12-C3'], turn), 100 + index * 13],
      ...[pick(['203.0.113.7', '203.0.113.8', '2001:db8::1', '198.51.100.9', '192.0.2.44'], turn + index)],
      ...[pick(['GET', 'GET', 'GET', 'HEAD', 'POST'], turn), 'd1.cloudfront.net'],
      ...[pick(['/', '/a.js', '/b%20c', '/login'], index), status, pick(agents, turn + index * 3)],
      ...[...results, pick(seconds, index * 5 + turn), pick(seconds, index * 3 + turn), pick(countries, index + turn)],
    ].join('\t');
  });
  return `#Version: 1.0\n#Fields: ${fields.join(' ')}\n${lines.join('\n')}\n`;
}

const day = (number: number) => ({ from: `2026-03-0${number} 00:00:00`, to: `2026-03-0${number + 1} 00:00:00` });
type Range = ReturnType<typeof day>;
/** The first is sampled at one rate, the second at two. */
const days = [day(1), day(2)];

let scratch: ScratchStore;

beforeAll(async () => {
  scratch = await ScratchStore.open();
  const parts = [
    { text: logOf(1, 600), samplingRate: 50 },
    { text: logOf(2, 600), samplingRate: 50 },
    { text: logOf(2, 411), samplingRate: 10 },
    // Of another table, in the same index.
    { text: '{"level":"error","time":"2026-03-01T05:00:00Z","msg":"a boat sank","status":500}\n'.repeat(9) },
  ];
  for (const [index, { text, ...hints }] of parts.entries()) {
    const sink = openSink(scratch.store, { hints, spoolDirectory: scratch.folder() });
    const content = { kind: 'lines' as const, chunks: [Buffer.from(text)] };
    await sink.store([{ origin: `s3://logs/${index}`, version: '1', content }]);
    await sink.close();
  }
  const [stored] = await scratch.store.engine.rows({
    sql: 'SELECT (SELECT count() FROM requests) AS requests, (SELECT count() FROM logs) AS logs',
  });
  expect(stored).toEqual({ requests: 1611, logs: 9 });
});

afterAll(() => scratch?.close());

/** A percentile: the programs estimate it, each in its own way. */
interface Between {
  readonly least: number;
  readonly most: number;
}

/** What the store says for each panel, as rows of what the panel shows. */
const expected: Readonly<Record<string, (range: Range) => Promise<(string | number | Between)[][]>>> = {
  summary: async (range) => {
    const [row] = await report('summary', range);
    const [percentile] = await percentiles(range, [0.95], 'GROUP BY ()');
    return [[...numbers(row, 'requests', 'bytes', 'viewers'), ...(percentile ?? [])]];
  },
  'requests-by-result': (range) => reportRows('requests-by-result', range, ['bucket', 'result'], 'requests'),
  'bytes-by-result': async (range) =>
    (await reportRows('bandwidth', range, ['bucket', 'result'], 'bandwidth')).map(([bucket, result, bandwidth]) => [
      ...[String(bucket), String(result), (Number(bandwidth) * step) / 8],
    ]),
  'hit-ratio': async (range) =>
    (await report('hit-ratio', range)).flatMap((row) =>
      ['Cacheable', 'Console', 'All', 'Bytes'].map((label) => [
        ...[String(row.bucket), label, Number(row[label.toLowerCase()])],
      ]),
    ),
  'error-shares': (range) =>
    asked(
      range,
      (rows) => `
      SELECT toString(toStartOfHour(time)) AS bucket, class || 'xx' AS label, sumIf(100 / sampling_rate, intDiv(status, 100) = toUInt8(class)) / sum(100 / sampling_rate) AS share
      FROM requests ARRAY JOIN ['4', '5'] AS class WHERE ${rows} GROUP BY bucket, class`,
    ),
  ttfb: (range) => percentiles(range, [0.5, 0.9, 0.95, 0.99], 'GROUP BY toString(toStartOfHour(time)) AS bucket'),
  'ttfb-by-outcome': (range) =>
    percentiles(
      range,
      [0.95],
      `AND result IN ('Hit', 'RefreshHit', 'Miss') GROUP BY toString(toStartOfHour(time)) AS bucket, if(result = 'Miss', 'misses', 'hits') AS outcome`,
    ),
  'status-classes': (range) => reportRows('status-classes', range, ['bucket', 'class'], 'requests'),
  bots: async (range) =>
    (await report('bots', range)).flatMap((row) =>
      ['people', 'bots']
        .map((label) => [String(row.bucket), label, Number(row[label])])
        .filter(([, , count]) => count !== 0),
    ),
  'status-codes': (range) => reportRows('status-codes', range, ['status'], 'requests'),
  errors: async (range) => {
    const groups = new Map<string, number>();
    for (const { group, requests } of await report('errors', range)) {
      groups.set(String(group), (groups.get(String(group)) ?? 0) + Number(requests));
    }
    return [...groups];
  },
  'top-paths': (range) => reportRows('top-paths', range, ['path'], 'requests', 'bytes'),
  'failing-paths': (range) =>
    asked(
      range,
      (rows) => `
      SELECT path, sum(100 / sampling_rate), sum(bytes_sent * 100 / sampling_rate)
      FROM requests WHERE ${rows} AND status >= 400 GROUP BY path`,
    ),
  countries: (range) => reportRows('countries', range, ['country'], 'requests', 'bytes'),
  'edge-locations': (range) => reportRows('edge-locations', range, ['edge_location'], 'requests', 'bytes'),
  'top-viewers': (range) => reportRows('top-viewers', range, ['client_ip'], 'requests', 'bytes'),
  'top-bots': (range) => reportRows('top-bots', range, ['bot'], 'requests', 'bytes'),
  browsers: (range) => reportRows('browsers', range, ['browser'], 'requests'),
  'requests-by-country': (range) => reportRows('countries', range, ['country'], 'requests'),
  'countries-by-time-taken': (range) =>
    asked(
      range,
      (rows) => `
      WITH multiIf(duration < 0.1, '0-0.1', duration < 0.5, '0.1-0.5', duration < 1, '0.5-1', duration < 5, '1-5', '5-*') AS taken
      SELECT country, taken, sum(100 / sampling_rate)
      FROM requests WHERE ${rows} AND country != '' AND duration IS NOT NULL GROUP BY country, taken`,
    ),
  'viewers-by-country': (range) =>
    asked(
      range,
      (rows) => `
      SELECT country, uniqExact(client_ip)
      FROM requests WHERE ${rows} AND country != '' AND duration >= 1 AND duration < 5 GROUP BY country`,
    ),
};

/** Of a bucket of time, seconds. */
const step = 3600;

async function report(name: string, range: Range): Promise<readonly ReportRow[]> {
  const found = findReport(name);
  if (!found) throw new Error(`no report "${name}"`);
  const parameters = { ...range, step, limit: 1000, q: '' };
  return (await runReport(scratch.store.engine, found, parameters)).rows;
}

/** Without those whose last key is empty: they have no such field in the index. */
async function reportRows(
  name: string,
  range: Range,
  keys: readonly string[],
  ...values: readonly string[]
): Promise<Row[]> {
  const rows = (await report(name, range)).map((row) => [
    ...keys.map((key) => String(row[key])),
    ...numbers(row, ...values),
  ]);
  return rows.filter((row) => row[keys.length - 1] !== '');
}

function numbers(row: ReportRow | undefined, ...names: readonly string[]): number[] {
  return names.map((name) => Number(row?.[name]));
}

async function asked(range: Range, sql: (rows: string) => string): Promise<Row[]> {
  const rows = "time >= {from:DateTime('UTC')} AND time < {to:DateTime('UTC')}";
  const found = await scratch.store.engine.rows<Record<string, string | number>>({ sql: sql(rows), params: range });
  return found.map((row) => Object.values(row));
}

/** Between values a few places before and behind in the order. @param rest of the query; the aliases of its groups are the keys */
async function percentiles(range: Range, levels: readonly number[], rest: string) {
  const around = levels.flatMap((level) => [level - 0.06, Math.min(1, level + 0.06)]);
  const keys = [...rest.matchAll(/ AS (\w+)/g)].map(([, name]) => name);
  const columns = around.map((level, place) => `quantileExact(${level})(ttfb) AS q${place}`);
  const found = await asked(
    range,
    (rows) => `SELECT ${[...keys, ...columns].join(', ')} FROM requests WHERE ${rows} AND ttfb IS NOT NULL ${rest}`,
  );
  return found.map((row) => [
    ...row.slice(0, keys.length),
    ...levels.map((_, place): Between => {
      const [least, most] = row.slice(keys.length + 2 * place).map(Number);
      return { least: least ?? Number.NaN, most: most ?? Number.NaN };
    }),
  ]);
}

for (const [flavour, variable] of nodes) {
  const url = process.env[variable];
  if (!url) console.warn(`skipped: dashboards on a node of ${flavour}, because ${variable} is not set`);

  describe.skipIf(!url).each(namings)(`${flavour}, fields: %s`, (fields) => {
    const index = `tide-${randomBytes(5).toString('hex')}`;
    const pattern = indexPatterns(index, 'day').join(',');
    const panels = searchDashboards({ name: index, pattern, fields }).filter(({ type }) => type === 'visualization');
    const nameOf = ({ id }: SavedObject) => id.slice(`tailrace-${index}-`.length);

    async function ask<T>(method: string, path: string, body?: object): Promise<T> {
      const response = await fetch(`${url}${path}`, {
        method,
        ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
      });
      const answer = await response.json();
      if (!response.ok) throw new Error(JSON.stringify(answer));
      return answer as T;
    }

    let divides = true;

    /** What the panel shows. */
    async function show(panel: SavedObject, { from, to }: Range): Promise<Row[]> {
      const last = new Date(Date.parse(isoTime(to)) - 1).toISOString();
      const interval = `${step}s`;
      const view = { field: fieldNames(fields)('time'), from: isoTime(from), to: last, interval, divides };
      const rows: Row[] = [];
      for (const { body, rows: read } of dashboardSearches(panel, view)) {
        rows.push(
          ...read((await ask<{ aggregations: Aggregations }>('POST', `/${pattern}/_search`, body)).aggregations),
        );
      }
      return nameOf(panel) === 'countries-by-time-taken' ? rows.map(withSeconds) : rows;
    }

    /** Ends of a range in seconds. */
    function withSeconds([country = '', taken, ...requests]: Row): Row {
      const { perSecond } = durationUnit(fields);
      return [country, String(taken).replaceAll(/[\d.E]+/g, (bound) => String(Number(bound) / perSecond)), ...requests];
    }

    beforeAll(async () => {
      const { nodes: running } = await ask<{ nodes: Record<string, { modules: { name: string }[] }> }>(
        'GET',
        '/_nodes/plugins',
      );
      const modules = Object.values(running).flatMap((node) => node.modules.map(({ name }) => name));
      divides = modules.includes('lang-painless');
      if (!divides) console.warn(`${flavour} has no Painless: shares are divided by the test`);
    });

    afterAll(async () => {
      for (const path of [`${index}-*`, `_index_template/tailrace-${index}`]) {
        await fetch(`${url}/${path}`, { method: 'DELETE' });
      }
    });

    test('documents of requests and logs share the indexes', async () => {
      const create = () =>
        createOpensearchDestination({
          ...{ url: url ?? '', index, fields, rotation: 'day', tables: ['requests', 'logs'], compression: 'gzip' },
          ...{ bufferSize: 1e6, bufferInterval: 0, requestSize: 1e6 },
        });
      const destinations = new Destinations(
        { engine: scratch.store.engine, spoolDirectory: scratch.folder(), onEvent: () => {} },
        [{ name: index, type: 'opensearch', from: 'beginning', pipelines: undefined, mask: {}, create }],
      );
      await expect
        .poll(() => destinations.status()[0])
        .toMatchObject({ state: 'running', counts: { waiting: 0, dead: 0 } });
      await destinations.stop();
      await ask('POST', `/${index}-*/_refresh`);
      expect(await ask('GET', `/${pattern}/_count`)).toMatchObject({ count: 1620 });
    });

    test('every panel has something to be compared with', () => {
      expect(panels.map(nameOf).sort()).toEqual(Object.keys(expected).sort());
    });

    test.each(panels.map((panel) => [nameOf(panel), panel] as const))('%s', async (name, panel) => {
      for (const range of days) {
        const rows = (await expected[name]?.(range)) ?? [];
        expect(rows.length).toBeGreaterThan(0);
        expect(sorted(await show(panel, range))).toEqual(sorted(rows).map((row) => row.map(asMatcher)));
      }
    });
  });
}

const isoTime = (text: string) => `${text.replace(' ', 'T')}.000Z`;
const keysOf = (row: readonly unknown[]) => JSON.stringify(row.filter((cell) => typeof cell === 'string'));
const sorted = <T extends readonly unknown[]>(rows: readonly T[]) =>
  [...rows].sort((one, other) => (keysOf(one) < keysOf(other) ? -1 : 1));

function asMatcher(cell: string | number | Between): unknown {
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'number') return expect.closeTo(cell, 6);
  // Of the floats of the store, as the cluster takes them.
  const slack = 1e-6;
  return expect.toSatisfy(
    (value: number) => value >= cell.least - slack && value <= cell.most + slack,
    `from ${cell.least} to ${cell.most}`,
  );
}
