import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { copyPreparedStore } from '../../test/prepared-store.ts';
import { outputFormats } from '../engine/output-formats.ts';
import { allReports, reports } from '../reports/catalog.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { apiRoutes } from './api-routes.ts';
import { createServer, type TailraceServer } from './create-server.ts';

let directory: string;
let store: Store;
let server: TailraceServer;
let address: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-server-'));
  store = await openStore(
    { directory: copyPreparedStore(directory) },
    { limits: { maxSeconds: 3, maxMemoryBytes: 200_000_000, maxResultRows: 1000 } },
  );
  server = await createServer({
    engine: store.engine,
    config: { host: '127.0.0.1', port: 0 },
    version: '1',
    consoleFolder: '/none',
  });
  address = await server.listen();
});

afterAll(async () => {
  await server?.stop(0);
  await store?.close();
  await rm(directory, { recursive: true, force: true });
});

function ask(body: unknown, signal?: AbortSignal): Promise<Response> {
  return fetch(`${address}/api/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
}

// The tests themselves state what they expect in it.
type Body = { readonly rows: { requests: number }[]; readonly reports: unknown[]; readonly elapsedMs: number } & {
  readonly error: { readonly code: string; readonly message: string };
};

async function read(path: string): Promise<Body> {
  return bodyOf(await fetch(`${address}${path}`));
}

async function bodyOf(response: Response): Promise<Body> {
  return (await response.json()) as Body;
}

/** Validates an answer against the OpenAPI document. */
function checkPromise(path: string, answer: unknown): void {
  const route = apiRoutes.find((candidate) => candidate.path === path);
  const schema: z.ZodType | undefined = route?.answer.content['application/json'];
  if (!schema) throw new Error(`BUG: ${path} promises nothing`);
  schema.parse(answer);
}

describe('while the store is empty', () => {
  it('has no range', async () => {
    const answer = await read(`/api/range`);
    checkPromise('/api/range', answer);
    expect(answer).toMatchObject({ firstTime: null, lastTime: null, rows: 0, rejected: 0, hosts: [] });
  });

  it('answers reports with nothing', async () => {
    const answer = await read(`/api/reports/top-paths`);
    expect(answer).toMatchObject({ rows: [] });
  });
});

describe('with rows of 2011', () => {
  beforeAll(async () => {
    await store.engine.run({
      sql: `
        INSERT INTO requests (time, host, distribution, method, status, result, path, client_ip, bytes_sent, sampling_rate)
        SELECT
          toDateTime64('2011-02-13 12:34:56.789', 3, 'UTC') + number * 60, if(number % 2 = 0, 'a.example', 'b.example'),
          'E1', 'GET', 200, 'Hit', '/', '192.0.2.1', 100, 100
        FROM numbers(1440)`,
    });
  });

  it('knows the range', async () => {
    const answer = await read(`/api/range`);
    checkPromise('/api/range', answer);
    expect(answer).toMatchObject({
      firstTime: '2011-02-13 12:34:56.789',
      lastTime: '2011-02-14 12:33:56.789',
      rows: 1440,
      hosts: ['a.example', 'b.example'],
      distributions: ['E1'],
    });
  });

  it('lists the reports', async () => {
    const answer = await read(`/api/reports`);
    checkPromise('/api/reports', answer);
    expect(answer.reports).toHaveLength(allReports.length);
  });

  it.each(reports.map(({ name }) => name))('shows the last day of data by default: %s', async (name) => {
    const response = await fetch(`${address}/api/reports/${name}`);
    const answer = await bodyOf(response);
    expect(response.status).toBe(200);
    checkPromise('/api/reports/{name}', answer);
    expect(answer).toMatchObject({
      name,
      parameters: {
        from: '2011-02-13 12:30:00',
        to: '2011-02-14 12:34:00',
        step: 900,
        limit: 10,
        q: '',
      },
    });
    expect(answer.elapsedMs).toBeGreaterThan(0);
  });

  it('holds every request of the range once', async () => {
    const answer = await read(`/api/reports/requests-by-result`);
    const total = answer.rows.reduce((sum: number, row: { requests: number }) => sum + row.requests, 0);
    expect([total, answer.rows.length]).toEqual([1440, 97]);
  });

  it('takes a range and filters', async () => {
    const query = 'from=2011-02-13T13:00Z&to=2011-02-13%2014:00:00&step=3600&q=host:a.example+distribution:E*';
    const answer = await read(`/api/reports/requests-by-result?${query}`);
    expect(answer.rows).toEqual([{ bucket: '2011-02-13 13:00:00', result: 'Hit', requests: 30 }]);
  });

  it.each([
    ['from=yesterday', '"from": "yesterday" is no time in UTC; write for example 2026-11-20 14:00:00'],
    ['from=2011-02-13T13:00:30.5Z', 'is not a whole second'],
    ['from=1969-12-31', 'outside of the years 1970 to 2105'],
    ['from=2011-02-14&to=2011-02-14', '"from" (2011-02-14 00:00:00) is not before "to"'],
    ['step=90', '"step": below 60, or a multiple of 60'],
    ['step=ten', '"step": expected number'],
    ['from=1971-01-01&step=60', 'take a longer step'],
    ['limit=0', '"limit"'],
    ['limit=1001', '"limit"'],
    ['q=a&q=b', '"q": expected string, received array'],
    ['limits=1', 'there is no "limits"; did you mean "limit"?'],
    ['q=hosts:a', '"q": hosts:a: there is no field "hosts"; did you mean "host"?'],
    ['q=host:"\' OR 1=1"', undefined],
  ])('reads ?%s strictly', async (query, problem) => {
    const response = await fetch(`${address}/api/reports/top-paths?${encodeURI(query)}`);
    const answer = await bodyOf(response);
    if (problem === undefined) return expect([response.status, answer.rows]).toEqual([200, []]);
    expect(response.status).toBe(400);
    expect(answer.error.message).toContain(problem);
  });

  it('orders, pages, counts and exports a list', async () => {
    const all = await read('/api/reports/hosts?limit=1000');
    const rising = await read('/api/reports/hosts?sort=-host&offset=1');
    checkPromise('/api/reports/{name}', rising);
    expect(rising.rows).toEqual(all.rows.toReversed().slice(1));
    const totals = await read('/api/reports/hosts/totals?q=-host:a.example');
    checkPromise('/api/reports/{name}/totals', totals);
    const others = all.rows.filter((row: object) => !JSON.stringify(row).includes('a.example'));
    expect(totals.rows).toEqual([{ values: others.length, requests: others[0]?.requests }]);
    const response = await fetch(`${address}/api/reports/hosts/csv?sort=-host&limit=1`);
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="hosts.csv"');
    const lines = (await response.text()).trim().split('\n');
    expect([lines[0], lines.length]).toEqual(['"host","requests","bytes","error_share"', all.rows.length + 1]);
    expect((await fetch(`${address}/api/reports/ttfb/totals`)).status).toBe(404);
    const unknown = await bodyOf(await fetch(`${address}/api/reports/hosts?sort=-size`));
    expect(unknown.error.message).toContain('there is no column "-size"; there are host, requests, bytes, error_share');
  });

  it('names the nearest report', async () => {
    const response = await fetch(`${address}/api/reports/top-path`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      error: { code: 'TAILRACE_NOT_FOUND', remedy: 'Did you mean "top-paths"?' },
    });
  });

  it('publishes metrics of itself and the store', async () => {
    const text = await (await fetch(`${address}/metrics`)).text();
    expect(text).toContain('\ntailrace_store_up 1\n');
    expect(text).toMatch(/^tailrace_store_rows 0$/m);
    expect(text).toMatch(/^tailrace_store_disk_bytes [1-9]\d+$/m);
    expect(text).toMatch(/^tailrace_query_duration_seconds_count\{kind="report",outcome="answered"\} [1-9]/m);
    expect(text).toMatch(/^process_resident_memory_bytes /m);
  });
});

describe('questions', () => {
  it.each(Object.entries(outputFormats))('are answered as %s', async (format, { mediaType }) => {
    const response = await ask({ sql: 'SELECT {n:UInt8} AS n, {s:String} AS s', params: { n: 7, s: "it's" }, format });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(mediaType);
    const text = await response.text();
    if (format === 'ndjson') expect(JSON.parse(text)).toEqual({ n: 7, s: "it's" });
    if (format === 'json') checkPromise('/api/query', JSON.parse(text));
    if (format === 'parquet') expect(text.slice(0, 4)).toBe('PAR1');
    // ClickHouse's TSV escapes the quote.
    else expect(text).toContain(format.startsWith('tsv') ? "it\\'s" : "it's");
  });

  it('hold no formula as csv-safe, whatever type a text has', async () => {
    const sql = `
      SELECT '=1' AS "=head", CAST('@1' AS Dynamic) AS dynamic, toFixedString('+a', 2) AS fixed, ('-x', -5) AS tuple,
        CAST('=1' AS LowCardinality(Nullable(String))) AS low, CAST('=1' AS Variant(String, UInt8)) AS variant,
        CAST('=x' AS Enum8('=x' = 1)) AS kind, -5 AS number, toDecimal64(-1.5, 1) AS price, -inf AS least, ['=1'] AS list`;
    const [safe, plain] = await Promise.all(
      ['csv-safe', 'csv'].map(async (format) => (await ask({ sql, format })).text()),
    );
    // A cell without quotation marks is a number.
    expect(safe?.replace(/(?<=^|,)(?:"(?:[^"]|"")*"|-?[\d.]+|-inf)(?=,|$)/gm, '')).toMatch(/^,+\n,+\n$/);
    expect(safe).not.toMatch(/(?<=^|,)"[=+\-@]/m);
    expect(safe?.replace(/(?<=^|,)"'(?=[=+\-@])/gm, '"')).toBe(plain);
    expect(safe).toMatch(/^"'=head",[\s\S]*,-5,-1\.5,-inf,"\['=1'\]"\n$/);
  });

  it.each([
    ['INSERT INTO requests (path) VALUES (1)', 400, 'TAILRACE_QUERY_REFUSED'],
    ["SELECT * FROM file('/etc/passwd', 'LineAsString')", 400, 'TAILRACE_QUERY_REFUSED'],
    ['SELEC 1', 400, undefined],
    ['SELECT nothing FROM requests', 400, 'TAILRACE_QUERY_FAILED'],
    ['SELECT {n:UInt8}', 400, 'TAILRACE_QUERY_FAILED'],
    ['SELECT number FROM numbers(1001)', 422, 'TAILRACE_QUERY_LIMIT'],
    ['SELECT count() FROM numbers(1e15) WHERE NOT ignore(sipHash64(number))', 422, 'TAILRACE_QUERY_LIMIT'],
  ])('%s is refused with a reason', async (sql, status, code) => {
    const response = await ask({ sql });
    const { error } = await bodyOf(response);
    expect([response.status, error.message]).toEqual([status, expect.stringMatching(/^cannot .+/)]);
    if (code) expect(error.code).toBe(code);
  });

  it('end in the engine when the client leaves', async () => {
    const client = new AbortController();
    const mark = 'sipHash64(number, 4711)';
    const answer = ask({ sql: `SELECT count() FROM numbers(1e15) WHERE NOT ignore(${mark})` }, client.signal).catch(
      () => 'left',
    );
    await waitFor(async () => (await countRunning(mark)) === 1);
    client.abort();
    await waitFor(async () => (await countRunning(mark)) === 0 && (await hasEndedCancelled()));
    expect(await answer).toBe('left');
  });
});

/** The embedded engine lists a query that has ended until the next one of its session, but then as cancelled. */
async function countRunning(mark: string): Promise<number> {
  const [found] = await store.engine.rows<{ count: number }>({
    sql: "SELECT count() AS count FROM system.processes WHERE query LIKE concat('%', {mark:String}, '%') AND query NOT LIKE '%system.processes%' AND NOT is_cancelled",
    params: { mark },
  });
  return found?.count ?? 0;
}

async function hasEndedCancelled(): Promise<boolean> {
  const text = await (await fetch(`${address}/metrics`)).text();
  return text.includes('tailrace_query_duration_seconds_count{kind="question",outcome="cancelled"} 1');
}

async function waitFor(isSo: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not happen within two seconds');
}
