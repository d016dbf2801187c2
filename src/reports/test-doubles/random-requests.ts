import fc from 'fast-check';
import type { Engine } from '../../engine/engine.ts';
import { requestFields } from '../../filters/request-fields.ts';
import { filterOf } from '../../filters/test-doubles/random-filters.ts';

/** Values that the requests have, and one that they do not. */
const values: Readonly<Record<string, readonly string[]>> = {
  host: ['h1', 'h2', "h'"],
  distribution: ['E0', 'E2'],
  method: ['GET', 'POST', 'HEAD'],
  status: ['0', '101', '200', '404', '502', '599'],
  result: ['Hit', 'RefreshHit', 'Miss', 'Error'],
  response_result: ['Hit', 'Error'],
  detailed_result: ['OriginConnectError', 'Error', ''],
  cause: ['OriginConnectError', 'Status 404', 'Left during the download'],
  country: ['DE', 'US', ''],
  is_bot: ['true'],
  bot: ['Googlebot', ''],
  browser: ['Chrome', ''],
  client_ip: ['192.0.2.1', '192.0.2.17'],
  path: ['/p1', '/p17', '3', '%', '\\'],
  ttfb: ['0.5', '1.25', '0'],
  bytes_sent: ['0', '5000', '99999'],
};

export const filteredFields = Object.keys(values).flatMap((name) => requestFields.byName.get(name) ?? []);

/** Filters that take some of the requests. */
export const randomFilter = filterOf(filteredFields, ({ name }) => fc.constantFrom(...(values[name] ?? [])));

/** Paths with characters that mean something to SQL, to patterns, to filters or to the console. */
export const hostilePaths: readonly string[] = [
  "/it's",
  '/a%b_c',
  '/a\\b\\%c\\',
  '/say "hi"',
  '/{x:String}',
  '/nul\0byte',
  '/new\nline\ttab',
  "/' OR 1=1 --",
  '/ü/日本/🌊',
  `/${'long/'.repeat(300)}`,
];

export interface RandomRequests {
  /** Rows of other numbers are other rows. */
  readonly first: number;
  /** Default 15,000. */
  readonly count?: number;
  /** Their time is within so many hours from 1 March 2026, 00:00 UTC; default 6. */
  readonly hours?: number;
  readonly batch?: number;
}

/** Stores requests with every kind that reports tell apart, as one part for each day. */
export async function storeRandomRequests(
  engine: Engine,
  { first, count = 15_000, hours = 6, batch = 0 }: RandomRequests,
): Promise<void> {
  await engine.run({
    sql: `
      INSERT INTO requests
        (time, client_ip, method, host, distribution, path, status, result, response_result, detailed_result,
         bytes_sent, ttfb, duration, edge_location, country, browser, is_bot, bot, bot_category, sampling_rate, batch, line_number)
      WITH sipHash64(number, 1) AS a, sipHash64(number, 2) AS b, sipHash64(number, 3) AS c
      SELECT
        toDateTime64('2026-03-01 00:00:00', 3, 'UTC') + (a % ({hours:UInt32} * 3600000)) / 1000,
        concat('192.0.2.', toString(b % 250)),
        ['GET', 'GET', 'GET', 'HEAD', 'POST'][c % 5 + 1],
        concat('h', toString(a % 3)),
        concat('E', toString(b % 3)),
        concat('/p', toString(c % 40)),
        [200, 200, 200, 206, 304, 404, 502, 0, 101][(a + b) % 9 + 1],
        ['Hit', 'RefreshHit', 'Miss', 'Error', 'Redirect'][(b + c) % 5 + 1],
        ['Hit', 'Miss', 'Error'][c % 3 + 1],
        ['Hit', 'Error', 'OriginConnectError', 'ClientCommError', 'CapacityExceeded', ''][a % 6 + 1],
        a % 100000,
        if(b % 9 = 0, NULL, (c % 2000) / 1000),
        if(a % 7 = 0, NULL, (b % 7000) / 1000),
        ['FRA56-P4', 'IAD89-C1', 'CDG50-P2'][b % 3 + 1],
        ['DE', 'US', ''][c % 3 + 1],
        ['Chrome', 'Firefox', ''][a % 3 + 1],
        a % 11 = 0,
        if(a % 11 = 0, 'Googlebot', ''),
        if(a % 11 = 0, 'search-engine', ''),
        [100, 50, 33][b % 3 + 1],
        {batch:UInt64},
        number
      FROM numbers({first:UInt64}, {count:UInt64})`,
    params: { first, count, hours, batch },
  });
}
