import type { ReportAnswer, ReportColumn, ReportParameters, Row } from '../src/data/report-answer.ts';
import { parseUtc, toSqlTime } from '../src/view/time-range.ts';
import { type Bucket, makeBuckets, noise } from './mock-traffic.ts';

interface MockReport {
  readonly title: string;
  readonly definition: string;
  /** `name label unit`, a line each. */
  readonly columns: string;
  readonly rows: (buckets: readonly Bucket[], parameters: ReportParameters) => readonly Row[];
}

const columnPattern = /^(\S+) (.+) (\S+)$/;

export function makeAnswer(name: string, parameters: ReportParameters): ReportAnswer | null {
  const report = mockReports[name];
  if (!report) return null;
  const columns = report.columns
    .trim()
    .split('\n')
    .map((line): ReportColumn => {
      const [, column = '', label = '', unit = ''] = columnPattern.exec(line.trim()) ?? [];
      return { name: column, label, unit: unit as ReportColumn['unit'] };
    });
  const buckets = makeBuckets(parseUtc(parameters.from), parseUtc(parameters.to), parameters.step);
  const sql = `
    SELECT
      toStartOfInterval(toStartOfMinute(time), toIntervalSecond({step:UInt32})) AS bucket, -- stands for ${name}
      ${columns.map((column) => column.name).join(',\n      ')}
    FROM requests
    WHERE toStartOfMinute(time) >= {from:DateTime('UTC')} AND toStartOfMinute(time) < {to:DateTime('UTC')}
      AND ({distribution:String} = '' OR distribution = {distribution:String})
      AND ({host:String} = '' OR host = {host:String})
    GROUP BY bucket
    ORDER BY bucket
    LIMIT {limit:UInt32}`;
  const rows = buckets.length === 0 ? [] : report.rows(buckets, parameters);
  return { name, title: report.title, definition: report.definition, sql, columns, parameters, rows, elapsedMs: 12.4 };
}

const sum = (buckets: readonly Bucket[]) => buckets.reduce((total, bucket) => total + bucket.total, 0);

/** A top list that falls off as real ones do. */
function topList(column: string, values: readonly string[], total: number, more: (n: number, i: number) => Row): Row[] {
  return values.map((value, index) => {
    const requests = Math.round((total * 0.34) / (index + 1) ** 1.15);
    return { [column]: value, requests, ...more(requests, index) };
  });
}

const perBucket = (cells: (bucket: Bucket, index: number) => Row) => (buckets: readonly Bucket[]) =>
  buckets.map((bucket, index) => ({ bucket: toSqlTime(bucket.ms), ...cells(bucket, index) }));

const perResult =
  (column: string, scale: (requests: number, step: number) => number) =>
  (buckets: readonly Bucket[], { step }: ReportParameters) =>
    buckets.flatMap(({ ms, requests }) =>
      Object.entries(requests).map(([result, count]) => ({
        bucket: toSqlTime(ms),
        result,
        [column]: scale(count, Number(step)),
      })),
    );

const paths = [
  '/',
  '/assets/app.8f2c91d4e7.js',
  '/assets/app.51bb0c2a19.css',
  '/api/v2/catalog/search',
  '/media/2026/11/launch-film/hls/1080p/segment-000142-of-002214-b7f3e2a9c4d14be8a1f0.m4s',
  '/images/products/large/tent-alpine-4p-green.avif',
  '/wp-login.php',
  '/robots.txt',
  '/downloads/manuals/Bedienungsanleitung-Wärmepumpe-(2026)-überarbeitet.pdf',
  '/api/v2/session',
];

export const mockReports: Readonly<Record<string, MockReport>> = {
  summary: {
    title: 'Summary',
    definition:
      'Totals of the range, each beside the period of equal length before it. Unique viewers are a lower bound.',
    columns: `requests Requests count
      previous_requests Requests before count
      bytes Bytes bytes
      previous_bytes Bytes before bytes
      hit_ratio Hit ratio ratio
      previous_hit_ratio Hit ratio before ratio
      share_4xx 4xx share ratio
      previous_share_4xx 4xx before ratio
      share_5xx 5xx share ratio
      previous_share_5xx 5xx before ratio
      ttfb_p95 TTFB p95 seconds
      previous_ttfb_p95 TTFB p95 before seconds
      viewers Unique viewers count
      previous_viewers Viewers before count`,
    rows: (buckets) => [
      {
        requests: sum(buckets),
        previous_requests: Math.round(sum(buckets) * 0.92),
        bytes: sum(buckets) * 41_000,
        previous_bytes: sum(buckets) * 39_500,
        hit_ratio: 0.874,
        previous_hit_ratio: 0.912,
        share_4xx: 0.0213,
        previous_share_4xx: 0.0209,
        share_5xx: 0.0061,
        previous_share_5xx: 0.0009,
        ttfb_p95: 0.183,
        previous_ttfb_p95: 0.201,
        viewers: Math.round(sum(buckets) / 61),
        previous_viewers: Math.round(sum(buckets) / 61),
      },
    ],
  },
  'requests-by-result': {
    title: 'Requests by result',
    definition:
      'Requests per bucket by x-edge-result-type, which says what happened by the last byte. Sampled logs are scaled by 100 / sampling rate. Error also counts viewers who left in the middle of a download.',
    columns: `bucket Time time
      result Result text
      requests Requests count`,
    rows: perResult('requests', (requests) => requests),
  },
  bandwidth: {
    title: 'Bandwidth',
    definition: 'Σ sc-bytes × 8 / width of the bucket, by result. Headers are included.',
    columns: `bucket Time time
      result Result text
      bandwidth Bandwidth bits-per-second`,
    rows: perResult('bandwidth', (requests, step) => (requests * 41_000 * 8) / step),
  },
  'hit-ratio': {
    title: 'Hit ratio',
    definition:
      'Cacheable: hits and refresh hits ÷ GET and HEAD requests without errors.\nConsole: response result Hit ÷ all requests.\nAll: hits and refresh hits ÷ all requests.\nBytes: bytes of hits ÷ bytes.\nOffload: 1 − bytes of misses ÷ bytes.',
    columns: `bucket Time time
      cacheable Cacheable ratio
      console Console ratio
      all All ratio
      bytes Bytes ratio
      origin_offload Offload ratio`,
    rows: perBucket(({ requests: r, total }, index) => {
      const hits = ((r.Hit ?? 0) + (r.RefreshHit ?? 0)) / total;
      return {
        cacheable: hits / (1 - (r.Error ?? 0) / total),
        console: (r.Hit ?? 0) / total,
        all: hits,
        bytes: Math.min(1, hits * (0.98 + 0.04 * noise('bytes', index))),
        origin_offload: Math.min(1, hits * (1 + 0.03 * noise('offload', index))),
      };
    }),
  },
  ttfb: {
    title: 'Time to first byte',
    definition: 'Percentiles of time-to-first-byte: request received to first byte written, measured at the edge.',
    columns: `bucket Time time
      p50 p50 seconds
      p90 p90 seconds
      p95 p95 seconds
      p99 p99 seconds`,
    rows: perBucket(({ requests: r, total }, index) => {
      const slow = 1 + (8 * (r.Error ?? 0)) / total + noise('ttfb', index) * 0.25;
      return { p50: 0.021 * slow, p90: 0.094 * slow, p95: 0.17 * slow, p99: 0.41 * slow * slow };
    }),
  },
  'status-classes': {
    title: 'Status classes',
    definition: 'Requests per bucket by the first digit of sc-status. 000: the viewer left before any answer.',
    columns: `bucket Time time
      class Class text
      requests Requests count`,
    rows: (buckets) =>
      buckets.flatMap(({ ms, requests: r, total }) => {
        const bad = r.Error ?? 0;
        const classes = {
          '2xx': total * 0.86 - bad,
          '3xx': total * 0.11,
          '4xx': total * 0.02,
          '5xx': bad,
          '000': total * 0.002,
        };
        return Object.entries(classes).map(([name, count]) => ({
          bucket: toSqlTime(ms),
          class: name,
          requests: Math.round(count),
        }));
      }),
  },
  'status-codes': {
    title: 'Status codes',
    definition: 'Requests by sc-status.',
    columns: `status Status text
      requests Requests count
      share Share ratio`,
    rows: (buckets) =>
      topList('status', ['200', '304', '206', '301', '404', '502', '403', '503', '0'], sum(buckets) * 2.4, (n) => ({
        share: n / sum(buckets),
      })),
  },
  'top-paths': {
    title: 'Top paths',
    definition: 'Paths by requests; the query string is not part of the path.',
    columns: `path Path text
      requests Requests count
      bytes Bytes bytes
      hit_ratio Hit ratio ratio
      error_share Errors ratio`,
    rows: (buckets) =>
      topList('path', paths, sum(buckets), (n, i) => ({
        bytes: n * Math.round(900 + 240_000 * noise('size', i) ** 3),
        hit_ratio: i === 3 || i === 9 ? 0.03 : 1 - 0.2 * noise('ratio', i),
        error_share: i === 6 ? 1 : 0.02 * noise('error', i) ** 2,
      })),
  },
  errors: {
    title: 'Errors by cause',
    definition:
      'Requests that ended in an error, grouped by who has to act. Causes are values of x-edge-detailed-result-type.',
    columns: `group Who text
      cause Cause text
      requests Requests count
      first_time First seen time
      last_time Last seen time`,
    rows: (buckets) =>
      [
        ['Origin', 'OriginConnectError'],
        ['Viewer left', 'ClientCommError'],
        ['Passed through', '404'],
        ['Policy', 'ClientGeoBlocked'],
        ['Bad request', 'InvalidRequestMethod'],
        ['CDN', 'CapacityExceeded'],
      ].map(([group = '', cause = ''], index) => ({
        group,
        cause,
        requests: Math.round((sum(buckets) * 0.011) / (index + 1) ** 2),
        first_time: toSqlTime(buckets[0]?.ms ?? 0),
        last_time: toSqlTime(buckets.at(-1)?.ms ?? 0),
      })),
  },
  countries: {
    title: 'Countries',
    definition: 'Requests by c-country.',
    columns: `country Country text
      requests Requests count
      bytes Bytes bytes`,
    rows: (buckets) =>
      topList('country', ['DE', 'US', 'FR', 'GB', 'NL', 'JP', 'BR', 'IN', 'PL', 'AU'], sum(buckets), (n) => ({
        bytes: n * 40_000,
      })),
  },
  'edge-locations': {
    title: 'Edge locations',
    definition: 'Requests by x-edge-location; the first three letters are the code of the nearest airport.',
    columns: `edge_location Edge text
      requests Requests count
      bytes Bytes bytes`,
    rows: (buckets) =>
      topList(
        'edge_location',
        [
          'FRA56-P4',
          'IAD89-C1',
          'CDG50-P2',
          'LHR61-P1',
          'AMS58-P5',
          'NRT20-P2',
          'GRU3-P4',
          'BOM78-P3',
          'WAW51-P1',
          'SYD62-P2',
        ],
        sum(buckets),
        (n) => ({ bytes: n * 39_000 }),
      ),
  },
  bots: {
    title: 'Bots and people',
    definition: 'Requests by whether the User-Agent declares a crawler, tool or library.',
    columns: `bucket Time time
      people People count
      bots Bots count`,
    rows: perBucket(({ total }, index) => {
      const bots = Math.round(total * (0.12 + 0.1 * noise('bots', index)));
      return { people: total - bots, bots };
    }),
  },
  'top-bots': {
    title: 'Top bots',
    definition: 'Declared bots by requests.',
    columns: `bot Bot text
      requests Requests count
      bytes Bytes bytes`,
    rows: (buckets) =>
      topList(
        'bot',
        ['Googlebot', 'GPTBot', 'bingbot', 'ClaudeBot', 'AhrefsBot', 'curl', 'python-requests'],
        sum(buckets) / 8,
        (n) => ({
          bytes: n * 12_000,
        }),
      ),
  },
  browsers: {
    title: 'Browsers',
    definition: 'Browser families of people, by requests.',
    columns: `browser Browser text
      requests Requests count
      share Share ratio`,
    rows: (buckets) =>
      topList(
        'browser',
        ['Chrome', 'Mobile Safari', 'Safari', 'Edge', 'Firefox', 'Samsung Internet', 'Opera', ''],
        sum(buckets),
        (n) => ({
          share: n / sum(buckets),
        }),
      ),
  },
  'top-viewers': {
    title: 'Top viewers',
    definition: 'Client addresses by requests. Many people can stand behind one address.',
    columns: `client_ip Address text
      requests Requests count
      bytes Bytes bytes
      errors Errors count`,
    rows: (buckets) =>
      topList(
        'client_ip',
        [
          '203.0.113.7',
          '2001:db8:85a3::8a2e:370:7334',
          '198.51.100.23',
          '192.0.2.146',
          '203.0.113.99',
          '198.51.100.4',
          '2001:db8::17',
          '192.0.2.8',
        ],
        sum(buckets) / 30,
        (n, i) => ({
          bytes: n * 51_000,
          errors: i === 2 ? Math.round(n * 0.8) : Math.round(n * 0.01 * noise('ip', i)),
        }),
      ),
  },
};
