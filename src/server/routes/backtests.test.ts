import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Alert } from '../../alerts/alert.ts';
import type { Alerts } from '../../alerts/run-alerts.ts';
import { alertDefaults } from '../../alerts/starter-pack.ts';
import type { Engine } from '../../engine/engine.ts';
import { ScratchStore } from '../../pipeline/test-doubles/scratch-store.ts';
import { classicQueries } from '../../windows/classic-queries.ts';
import { storeRows } from '../../windows/test-doubles/loaded-batches.ts';
import type { WindowStatus } from '../../windows/window-entry.ts';
import { alertBacktestAnswer, windowBacktestAnswer } from '../backtest-answer.ts';
import { createServer, type TailraceServer } from '../create-server.ts';

const hourMs = Date.UTC(2026, 2, 1, 8);
const range = { from: '2026-03-01 08:00:00', to: '2026-03-01 08:03:00' };
const byViewer = {
  window: { type: 'tumbling', size: '60s' },
  sql: 'SELECT client_ip AS viewer, count() AS requests FROM requests GROUP BY viewer ORDER BY viewer DESC',
};
const watched: Alert = {
  ...alertDefaults,
  name: 'busy',
  sql: 'SELECT count() AS value FROM requests WHERE time >= {from} AND time < {to}',
  condition: { type: 'threshold', above: 2 },
  ...{ overMs: 60_000, delayMs: 0, keepFiringMs: 0 },
};

let scratch: ScratchStore;
let server: TailraceServer;
let url: string;
/** Questions that are held until they are cancelled. */
let held = 0;

beforeAll(async () => {
  scratch = await ScratchStore.open();
  const { engine } = scratch.store;
  // In the first minute one viewer twice and another one once, in the third one three requests.
  const at = (second: number, viewer: string) => ({ timeMs: hourMs + second * 1000, viewer, bytes: 1 });
  await storeRows(engine, '1', [at(0, 'a'), at(30, 'b'), at(59, 'a'), at(120, 'a'), at(121, 'a'), at(179, 'c')]);
  const ask: Engine['ask'] = (statement, options) =>
    statement.sql.includes('held') ? holdUntilAborted(options.signal) : engine.ask(statement, options);
  const alerts = { plan: { alerts: [watched], maintenance: [], receivers: [] } } as unknown as Alerts;
  server = await createServer({
    engine: Object.assign(Object.create(engine) as Engine, { ask }),
    config: { host: '127.0.0.1', port: 0 },
    version: '1',
    consoleFolder: '/none',
    windows: () => classicQueries.map((query) => ({ query }) as WindowStatus),
    alerts: () => alerts,
  });
  url = await server.listen();
});
afterAll(async () => {
  await server.stop(0);
  await scratch.close();
});

async function* holdUntilAborted(signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  held++;
  await new Promise((resolve) => signal?.addEventListener('abort', resolve));
  held--;
  signal?.throwIfAborted();
}

const post = (path: string, body: unknown, signal?: AbortSignal) =>
  fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });

const problemOf = async (answer: Response) => ((await answer.json()) as { error: { message: string } }).error.message;

async function backtestOf(definition: unknown, asked: object = range) {
  const answer = await post('/api/windows/backtest', { ...asked, name: 'tried', definition });
  const body = await answer.json();
  expect([answer.status, body]).toEqual([200, expect.anything()]);
  return windowBacktestAnswer.parse(body);
}

test('a definition is tested and explained, whether it is incremental or not', async () => {
  const minute = (at: number) => `2026-03-01 08:0${at}:00.000`;
  const rows = [
    ['b', '1', 0],
    ['a', '2', 0],
    ['c', '1', 2],
    ['a', '2', 2],
  ].map(([viewer, requests, at]) => ({
    ...{ window_start: minute(at as number), window_end: minute((at as number) + 1), viewer, requests },
  }));
  const folded = await backtestOf(byViewer);
  expect(folded).toMatchObject({ windows: 2, isComplete: true, until: '2026-03-01T08:03:00.000Z' });
  expect(folded.rows).toEqual(rows);
  expect(folded.explain).toMatchObject({ isIncremental: true, why: null, columns: [{ name: 'viewer' }, {}] });
  const asked = await backtestOf({ ...byViewer, sql: `SELECT * FROM (${byViewer.sql})` });
  expect(asked.explain).toMatchObject({ isIncremental: false, why: expect.stringMatching(/\w/) });
  expect(asked.rows).toEqual(rows);
});

test('a configured query is tested by its name', async () => {
  const answer = await post('/api/windows/top_talkers/backtest', range);
  const { rows, windows } = windowBacktestAnswer.parse(await answer.json());
  expect(windows).toBe(2);
  expect(rows).toHaveLength(4);
  expect((await post('/api/windows/none/backtest', range)).status).toBe(404);
});

test('an answer that is too large ends after a whole window', async () => {
  const wide = { ...byViewer, sql: 'SELECT arrayJoin(range(5000)) AS value FROM requests' };
  // 15,000 rows in each of two windows: the second one does not fit any more.
  const { rows, isComplete, until, windows } = await backtestOf(wide);
  expect([rows.length, isComplete, until, windows]).toEqual([15_000, false, '2026-03-01T08:02:00.000Z', 2]);
  const answer = await post('/api/windows/backtest', {
    ...range,
    definition: { ...wide, sql: wide.sql.replace('5000', '7000') },
  });
  expect([answer.status, await problemOf(answer)]).toEqual([400, expect.stringContaining('LIMIT')]);
});

test.each([
  [{ sql: byViewer.sql }, /"window" is missing; add for example window: \{ type: tumbling, size: 60s \}/],
  [{ ...byViewer, windows: 1 }, /definition has no such key; write "window"/],
  [{ ...byViewer, window: { type: 'tumbling', size: '0s' } }, /definition\.window\.size: it is not a duration/],
  [{ ...byViewer, outputs: [] }, /cannot use key "outputs"/],
  [{ ...byViewer, sql: 'SELECT * FROM events' }, /it reads the table events; name only requests/],
  [{ ...byViewer, sql: "SELECT * FROM requests, file('/etc/passwd')" }, /cannot/],
  [{ ...byViewer, sql: 'SELECT nothing FROM requests' }, /nothing/],
  [{ ...byViewer, sql: 'DROP TABLE requests' }, /cannot/],
  ['x', /definition/],
])('%j is refused with what to do', async (definition, problem) => {
  const answer = await post('/api/windows/backtest', { ...range, definition });
  expect([answer.status, await problemOf(answer)]).toEqual([400, expect.stringMatching(problem)]);
});

test.each([
  [{ from: '2026-03-01', to: '2026-03-01' }, /"from" is not before "to"/],
  [{ from: 'yesterday' }, /"from": "yesterday" is no time in UTC/],
])('a range such as %j is refused with what to do', async (wrong, problem) => {
  const answer = await post('/api/windows/backtest', { definition: byViewer, ...wrong });
  expect([answer.status, await problemOf(answer)]).toEqual([400, expect.stringMatching(problem)]);
});

test('tests are bounded as questions are, and end when their client leaves', async () => {
  const leaving = new AbortController();
  const definition = { ...byViewer, sql: 'SELECT count() AS held FROM requests' };
  const waiting = Array.from({ length: 16 }, () =>
    post('/api/windows/backtest', { ...range, definition }, leaving.signal).catch(() => undefined),
  );
  await expect.poll(() => held, { timeout: 20_000 }).toBe(16);
  const refused = await post('/api/alerts/busy/backtest', range);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
  leaving.abort();
  await Promise.all(waiting);
  await expect.poll(() => held, { timeout: 20_000 }).toBe(0);
});

test('an alert is tested as it is, or as it would be', async () => {
  const answer = await post('/api/alerts/busy/backtest', { from: '2026-03-01 08:01:00', to: '2026-03-01 08:04:00' });
  const { values, entries, evaluations, isComplete } = alertBacktestAnswer.parse(await answer.json());
  expect([evaluations, isComplete, values.map(({ value }) => value)]).toEqual([4, true, [3, 0, 3, 0]]);
  expect(entries.map(({ atMs, phase, message }) => [atMs - hourMs, phase, message?.status])).toEqual([
    [60_000, 'firing', 'firing'],
    [120_000, 'resolved', 'resolved'],
    [180_000, 'firing', 'firing'],
    [240_000, 'resolved', 'resolved'],
  ]);
  const { sql } = watched;
  const definition = { sql, over: '60s', delay: '0s', condition: { type: 'threshold', above: 100 } };
  const calm = await post('/api/alerts/calm/backtest', { ...range, definition });
  expect(alertBacktestAnswer.parse(await calm.json()).entries).toEqual([]);
});

test.each([
  ['busy', { condition: { type: 'threshold' } }, /alerts\.busy\.condition: it has neither above nor below; add one/],
  ['busy', { condition: { type: 'threshold', above: 1 } }, /it has no sql; add sql/],
  [
    'rejects',
    { labels: [], sql: 'SELECT 1 AS other', condition: { type: 'threshold', above: 1 } },
    /no column "value"/,
  ],
  ['rejects', { sql: "SELECT * FROM url('http://x')", condition: { type: 'threshold', above: 1 } }, /cannot/],
  ['busy', undefined, /3000 are the most; choose a shorter one/],
])('an alert %s with %j is refused with what to do', async (name, definition, problem) => {
  const asked = definition ? { ...range, definition } : { from: '2020-01-01', to: '2026-01-01' };
  const answer = await post(`/api/alerts/${name}/backtest`, asked);
  expect([answer.status, await problemOf(answer)]).toEqual([400, expect.stringMatching(problem)]);
  expect((await post('/api/alerts/none/backtest', range)).status).toBe(404);
});
