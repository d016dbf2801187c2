import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { patienceMs } from '../../../test/patience.ts';
import { fillParameters } from '../../../web/src/sql/fill-parameters.ts';
import { findRows } from '../../explore/find-rows.ts';
import { followRows, mostAtOnce, type NewRows } from '../../explore/follow-rows.ts';
import { printFilter } from '../../filters/print-filter.ts';
import { requestFields } from '../../filters/request-fields.ts';
import { matchesRow } from '../../filters/test-doubles/match-row.ts';
import { announceClosedBatch } from '../../ledger/batch-closed.ts';
import { newBatchId } from '../../ledger/batch-id.ts';
import { ingestFiles } from '../../pipeline/ingest-files.ts';
import { header, lines, ScratchStore } from '../../pipeline/test-doubles/scratch-store.ts';
import { filteredFields, randomFilter, storeRandomRequests } from '../../reports/test-doubles/random-requests.ts';
import { closeRows, storeRows } from '../../windows/test-doubles/loaded-batches.ts';
import { createServer, type TailraceServer } from '../create-server.ts';
import { exploreRowRoute, exploreRowsRoute, exploreValuesRoute } from './explore.ts';

let scratch: ScratchStore;
let server: TailraceServer;
let url: string;
let stored: { row: string; time: string }[];

const day = { from: '2026-03-01 00:00:00', to: '2026-03-02 00:00:00' };
const count = 1500;

beforeAll(async () => {
  scratch = await ScratchStore.open();
  const { engine } = scratch.store;
  await storeRandomRequests(engine, { first: 0, count, hours: 20, batch: 7 });
  server = await createServer({
    engine,
    config: { host: '127.0.0.1', port: 0 },
    version: '1',
    consoleFolder: '/none',
  });
  url = await server.listen();
  const columns = filteredFields.map(({ name, sql }) => `${sql} AS ${name}`);
  stored = await engine.rows({
    sql: `
      SELECT concat(toString(toUnixTimestamp64Milli(time)), '-7-0-', toString(line_number)) AS row, time, line_number, ${columns.join(', ')}
      FROM requests ORDER BY time DESC, line_number DESC`,
  });
});
afterAll(async () => {
  await server.stop(0);
  await scratch.close();
});

type Answer = {
  readonly rows: readonly Record<string, unknown>[];
  readonly next: string | null;
  readonly sql: string;
  readonly values: Record<string, string>;
  readonly error?: { readonly message: string };
};

async function get<T = Answer>(path: string, query: Readonly<Record<string, string | number>> = {}): Promise<T> {
  const search = new URLSearchParams(query as Record<string, string>);
  return (await (await fetch(`${url}/api/explore/${path}?${search}`)).json()) as T;
}

describe('rows', () => {
  test('come newest first, page by page, each once, whatever the filter', async () => {
    let pages = 0;
    await fc.assert(
      fc.asyncProperty(randomFilter, fc.integer({ min: 100, max: 700 }), async (filter, limit) => {
        const q = printFilter(filter, requestFields);
        const wanted = stored.filter((row) => matchesRow(filter, row, requestFields)).map(({ row }) => row);
        const found: unknown[] = [];
        for (let before: string | null = ''; before !== null && found.length <= 800; pages++) {
          const answer: Answer = await get('requests', { ...day, q, limit, ...(before ? { before } : {}) });
          expect(answer.rows.length).toBeLessThanOrEqual(limit);
          found.push(...answer.rows.map(({ row }) => row));
          before = answer.next;
        }
        expect(found).toEqual(wanted.slice(0, found.length));
        if (found.length <= 800) expect(found).toHaveLength(wanted.length);
      }),
      { numRuns: 8, seed: Number(process.env.TAILRACE_SEED ?? 1) },
    );
    expect(pages).toBeGreaterThan(10);
  });

  test('are the same whether what is left is read at once or in pieces', async () => {
    const { engine } = scratch.store;
    const { signal } = new AbortController();
    const question = { table: 'requests', columns: ['time'], limit: 40, q: 'status:404' } as const;
    const range = { fromMs: Date.parse('2026-03-01T00:00Z'), toMs: Date.parse('2026-03-02T00:00Z') };
    const [whole, pieces] = await Promise.all(
      [1_000_000, 1].map((atOnce) => findRows(engine, { ...question, ...range }, signal, atOnce)),
    );
    expect(whole?.rows).toHaveLength(40);
    expect(pieces).toEqual(whole);
  });

  test('have the columns that are asked for, and open as SQL that answers the same', async () => {
    const columns = 'time,cause,path,extra.a key';
    const answer = await get('requests', { ...day, q: 'status:404 /p1', columns, limit: 1000 });
    exploreRowsRoute.answer.content['application/json']?.parse(answer);
    const chunks: Uint8Array[] = [];
    const sql = fillParameters(answer.sql, answer.values);
    for await (const chunk of scratch.store.engine.ask({ sql }, { format: 'JSON' })) chunks.push(chunk);
    const { data } = JSON.parse(Buffer.concat(chunks).toString()) as { data: Record<string, unknown>[] };
    expect(data.length).toBeGreaterThan(10);
    const byTime = (rows: readonly Record<string, unknown>[]) => rows.map((row) => JSON.stringify(row)).sort();
    expect(byTime(data)).toEqual(byTime(answer.rows.map(({ row: _, ...values }) => values)));
    expect(Object.keys(data[0] ?? {})).toEqual(['time', 'cause', 'path', 'extra.a key']);
  });

  test.each([
    ['requests', { columns: 'pathh' }, 'requests has no column "pathh"; did you mean "path"?'],
    ['requests', { q: 'level:x' }, '"q": level:x: there is no field "level"'],
    ['requests', { before: '1-2' }, '"before": write it as in an answer'],
    ['requests', { limit: 1001 }, '"limit"'],
    ['nothing', {}, 'cannot explore "nothing": it is none of requests, logs'],
  ])('of %s with %j are refused', async (table, query, message) => {
    expect((await get(table, query as Record<string, string>)).error?.message).toContain(message);
  });
});

describe('values of a field', () => {
  test('are counted exactly', async () => {
    for (const [field, key] of [
      ['status', 'status'],
      ['cause', 'cause'],
      ['ttfb', 'ttfb'],
    ] as const) {
      const counts = new Map<string, number>();
      for (const row of stored as unknown as Record<string, unknown>[]) {
        const value = row[key] === null ? '' : String(row[key]);
        counts.set(value, (counts.get(value) ?? 0) + 1);
      }
      const answer = await get<{ values: { value: string; rows: number }[]; rows: number; different: number }>(
        'requests/values',
        { ...day, field, limit: 100 },
      );
      exploreValuesRoute.answer.content['application/json']?.parse(answer);
      expect([answer.rows, answer.different]).toEqual([count, counts.size]);
      for (const { value, rows } of answer.values) expect(rows, value).toBe(counts.get(value));
      const shown = answer.values.map(({ rows }) => rows);
      expect(shown).toEqual([...counts.values()].sort((a, b) => b - a).slice(0, 100));
    }
    const some = await get<{ values: { value: string }[] }>('requests/values', {
      field: 'bot',
      contains: 'GOOGLE',
      ...day,
    });
    expect(some.values).toEqual([{ value: 'Googlebot', rows: expect.any(Number) }]);
  });
});

describe('one row', () => {
  test('has all of its columns, and says which line of which file it was', async () => {
    const path = scratch.file('edge.log', `${header}${lines(5, 'whole')}`);
    await ingestFiles(scratch.store, [path]);
    const found = await get('requests', { from: '2026-03-01 10:00:00', to: '2026-03-01 10:01:00', q: 'path:/whole/3' });
    expect(found.rows).toHaveLength(1);
    const answer = await get<{ values: Record<string, unknown>; origin: Record<string, unknown> }>(
      `requests/rows/${found.rows[0]?.row}`,
    );
    exploreRowRoute.answer.content['application/json']?.parse(answer);
    expect(answer.values).toMatchObject({ request_id: 'whole-3', line_number: 6, cause: '', params: {} });
    expect(answer.origin).toMatchObject({ origin: path, format: 'cloudfront-standard', pipeline: '' });
    expect((await get('requests/rows/1-2-3-4')).error?.message).toContain('cannot find the row');
  });
});

describe('logs', () => {
  test('are searched by words, levels and attributes', async () => {
    const lines = Array.from(
      { length: 30 },
      (_, n) =>
        `{"time":"2026-11-20T10:00:${10 + n}Z","level":"${n % 3 === 0 ? 'error' : 'info'}","service":"s${n % 2}","msg":"job ${n} timeout","user.id":"u${n % 5}"}\n`,
    );
    await ingestFiles(scratch.store, [scratch.file('app.log', lines.join(''))]);
    const answer = await get('logs', {
      q: 'level:ERROR "job 1" attributes.user.id:(u0,u2)',
      columns: 'message,attributes.user.id',
    });
    expect(answer.rows.map(({ row: _, ...values }) => values)).toEqual([
      { message: 'job 15 timeout', 'attributes.user.id': 'u0' },
      { message: 'job 12 timeout', 'attributes.user.id': 'u2' },
    ]);
    const values = await get<{ values: unknown }>('logs/values', {
      field: 'attributes.user.id',
      q: 'level:ERROR',
      limit: 2,
    });
    expect(values.values).toEqual([
      { value: 'u0', rows: 2 },
      { value: 'u1', rows: 2 },
    ]);
    const levels = (await (await fetch(`${url}/api/reports/log-levels?q=timeout`)).json()) as Answer;
    expect(levels.rows.reduce((sum, { lines }) => sum + Number(lines), 0)).toBe(30);
  });
});

interface TailEvent {
  readonly rows: readonly Record<string, unknown>[];
  readonly leftOut: number;
}

/** Events of a tail as they come. */
async function* eventsOf(pieces: AsyncIterable<Uint8Array | string>): AsyncGenerator<TailEvent> {
  let text = '';
  for await (const piece of pieces) {
    text += Buffer.from(piece as Uint8Array).toString();
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks)
      if (block.startsWith('event: rows')) yield JSON.parse(block.slice(block.indexOf('data: ') + 6));
  }
}

async function openTail(query: string, signal: AbortSignal): Promise<AsyncGenerator<TailEvent>> {
  const answer = await fetch(`${url}/api/explore/requests/tail?${query}`, { signal });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  return eventsOf(answer.body as AsyncIterable<Uint8Array>);
}

/** Stores a batch of requests, the viewers by turns. @returns what closes it */
async function storeBatch(rows: number, viewers: number): Promise<() => Promise<void>> {
  const batch = newBatchId();
  const stored = Array.from({ length: rows }, (_, n) => ({
    timeMs: Date.UTC(2026, 5, 1) + n,
    viewer: `v${n % viewers}`,
    bytes: n,
  }));
  await storeRows(scratch.store.engine, batch, stored);
  return async () => {
    await closeRows(scratch.store.engine, batch, 'edge', stored);
    announceClosedBatch(scratch.store.engine);
  };
}

test('a tail tells what is stored from now on, as far as the filter takes it, and how much it leaves out', async () => {
  const leaving = new AbortController();
  const events = await openTail('q=client_ip:v1&columns=client_ip,bytes_sent', leaving.signal);
  // What is not closed may still be taken back.
  const close = await storeBatch(4, 2);
  await (await storeBatch(10, 1))();
  await close();
  expect(await events.next()).toMatchObject({
    value: {
      rows: [
        { client_ip: 'v1', bytes_sent: 3 },
        { client_ip: 'v1', bytes_sent: 1 },
      ],
      leftOut: 0,
    },
  });
  await (await storeBatch(200, 2))();
  const { value } = await events.next();
  expect([value.rows.length, value.leftOut, value.rows[0].bytes_sent]).toEqual([50, 50, 199]);
  leaving.abort();
});

test('a tail of a reader that takes nothing does not read on; then it tells all that it left out, in one event', async () => {
  const { engine } = scratch.store;
  const ending = new AbortController();
  const looks = vi.spyOn(engine, 'stream');
  onTestFinished(() => looks.mockRestore());
  const tail = followRows(engine, { table: 'requests', q: 'client_ip:v0', columns: ['bytes_sent'] }, ending.signal);
  await tail.next();
  const before = looks.mock.calls.length;
  for (let batch = 0; batch < 8; batch++) await (await storeBatch(100, 1))();
  // Nobody asks for the next event: there is none in memory, and the engine is not asked.
  expect(looks.mock.calls.length).toBe(before);
  let told: NewRows = { rows: [], leftOut: 0 };
  while (told.rows.length === 0) told = (await tail.next()).value;
  expect([told.rows.length, told.leftOut]).toEqual([mostAtOnce, 800 - mostAtOnce]);
  ending.abort();
  expect(await tail.next()).toMatchObject({ done: true });
});

test('sixteen tails are told the same at once; one more is refused, and one that leaves makes room', async () => {
  const leaving = Array.from({ length: 16 }, () => new AbortController());
  const tails = await Promise.all(leaving.map(({ signal }) => openTail('q=client_ip:v2&columns=bytes_sent', signal)));
  const refused = await fetch(`${url}/api/explore/requests/tail`);
  expect([refused.status, await refused.json()]).toMatchObject([429, { error: { code: 'TAILRACE_BUSY' } }]);
  await (await storeBatch(30, 3))();
  const told = await Promise.all(tails.map(async (events) => (await events.next()).value));
  for (const { rows, leftOut } of told) expect([rows.length, leftOut]).toEqual([10, 0]);
  leaving[0]?.abort();
  const next = new AbortController();
  await vi.waitFor(
    async () => {
      const answer = await fetch(`${url}/api/explore/requests/tail`, { signal: next.signal });
      if (!answer.ok) await answer.body?.cancel();
      expect(answer.status).toBe(200);
    },
    { timeout: patienceMs, interval: 50 },
  );
  for (const controller of [...leaving, next]) controller.abort();
});
