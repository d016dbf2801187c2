import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { announceClosedBatch } from '../../ledger/batch-closed.ts';
import { newBatchId } from '../../ledger/batch-id.ts';
import { ScratchStore } from '../../pipeline/test-doubles/scratch-store.ts';
import { classicQueries } from '../../windows/classic-queries.ts';
import { Windows } from '../../windows/run-windows.ts';
import { closeRows, storeRows } from '../../windows/test-doubles/loaded-batches.ts';
import { createServer, type TailraceServer } from '../create-server.ts';
import { flinkAnswer, windowAnswer, windowExplanationAnswer } from '../window-answer.ts';
import { windowListRoute } from './windows.ts';

const told: string[] = [];
let scratch: ScratchStore;
let windows: Windows;
let server: TailraceServer;
let url: string;

beforeAll(async () => {
  scratch = await ScratchStore.open();
  const { engine } = scratch.store;
  const onEvent = (query: string, text: string) => told.push(`${query}: ${text}`);
  // Of a query whose windows have all expired since.
  await engine.run({ sql: "INSERT INTO window_outputs SELECT 'bytes_transferred', 'a file', 40, 0, now64(3)" });
  const bad = {
    ...classicQueries[0],
    name: 'bad',
    sql: 'SELECT nothing FROM requests',
  } as (typeof classicQueries)[number];
  windows = new Windows({ engine, spoolDirectory: join(scratch.root, 'store', 'spool', 'w'), onEvent }, [
    ...classicQueries,
    bad,
  ]);
  server = await createServer({
    engine,
    config: { host: '127.0.0.1', port: 0 },
    version: '1',
    consoleFolder: '/none',
    windows: () => windows.status(),
  });
  url = await server.listen();
});
afterAll(async () => {
  await server.stop(0);
  await windows.stop();
  await scratch.close();
});

async function load(startMs: number, count: number): Promise<void> {
  const { engine } = scratch.store;
  const batch = newBatchId();
  const rows = Array.from({ length: count }, (_, index) => ({
    timeMs: startMs + index,
    viewer: `v${index % 3}`,
    bytes: 7,
  }));
  await storeRows(engine, batch, rows);
  await closeRows(engine, batch, 'edge', rows);
  announceClosedBatch(engine);
}

/** Events of the stream until so many have come. */
async function events(
  count: number,
  last?: string,
  query = 'top_talkers',
  search = '',
): Promise<{ id: string; data: Record<string, unknown> }[]> {
  const found: { id: string; data: Record<string, unknown> }[] = [];
  const leaving = new AbortController();
  const answer = await fetch(`${url}/api/windows/${query}/stream${search}`, {
    signal: leaving.signal,
    ...(last === undefined ? {} : { headers: { 'last-event-id': last } }),
  });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  let text = '';
  for await (const piece of answer.body as AsyncIterable<Uint8Array>) {
    text += Buffer.from(piece).toString();
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks.filter((one) => one.startsWith('id: '))) {
      const [id = '', , data = ''] = block.split('\n').map((line) => line.slice(line.indexOf(': ') + 2));
      found.push({ id, data: JSON.parse(data) });
    }
    if (found.length >= count) break;
  }
  leaving.abort();
  return found;
}

test('windows are streamed as they are emitted, and resumed by their number; a query that fails harms no other', async () => {
  const minute = Math.floor(Date.now() / 60_000) * 60_000 - 600_000;
  await load(minute, 10);
  await load(minute + 70_000, 10);
  const [first] = await events(1, '0');
  expect(first).toEqual({
    id: '1',
    data: {
      query: 'top_talkers',
      sequence: 1,
      window_start: new Date(minute).toISOString(),
      window_end: new Date(minute + 60_000).toISOString(),
      correction: 0,
      source_rows: 10,
      version: expect.stringMatching(/^\d+$/),
      rows: [
        { viewer: 'v0', requests: '4', bytes: '28' },
        { viewer: 'v1', requests: '3', bytes: '21' },
        { viewer: 'v2', requests: '3', bytes: '21' },
      ],
    },
  });
  await load(minute + 30_000, 1);
  const [second] = await events(1, '1');
  expect(second).toMatchObject({ id: '2', data: { correction: 1, rows: [{ requests: '5' }, {}, {}] } });
  const newest = await events(1, undefined, 'top_talkers', '?newest=1');
  expect(newest.map(({ id }) => id)).toEqual(['2']);
  const [both] = await events(1, undefined, 'top_talkers', '?newest=1000');
  expect(both?.id).toBe('1');
  const [resumed] = await events(1, '0', 'top_talkers', '?newest=1');
  expect(resumed?.id, 'who comes back goes on where it was').toBe('1');
  expect((await server.app.inject('/api/windows/top_talkers/stream?newest=0')).statusCode).toBe(400);
  const [anew] = await events(1, '999');
  expect(anew?.id, 'numbers began anew after those that the reader knows').toBe('1');
  const [afterOutput] = await events(1, '0', 'bytes_transferred');
  expect(afterOutput?.id, 'numbers go on after those of an output').toBe('41');
  const answer = await server.app.inject('/api/windows');
  const schema = windowListRoute.answer.content['application/json'];
  const { windows: list } = z.object({ windows: z.array(windowAnswer) }).parse(schema?.parse(answer.json()));
  expect(list.map(({ name, state, isIncremental }) => [name, state, isIncremental])).toEqual([
    ['bot_detection', 'running', true],
    ['bytes_transferred', 'running', true],
    ['top_talkers', 'running', true],
    ['bad', 'retrying', null],
  ]);
  expect(list[3]?.problem).toContain('nothing');
  expect(told).toHaveLength(1);
  const one = await server.app.inject('/api/windows/top_talkers');
  expect(one.json()).toMatchObject({
    table: 'windows_top_talkers',
    counts: { emissions: 2, corrections: 1, rows: 21, dropped: 0 },
  });
  expect((await server.app.inject('/api/windows/none')).statusCode).toBe(404);
  const metrics = (await server.app.inject('/metrics')).body;
  expect(metrics).toContain('tailrace_windows_emissions_total{query="top_talkers"} 2');
  expect(metrics).toContain('tailrace_windows_up{query="bad"} 0');

  const explained = (await server.app.inject('/api/windows/top_talkers/explain')).json();
  expect(windowExplanationAnswer.parse(explained)).toMatchObject({
    name: 'top_talkers',
    version: first?.data.version,
    why: null,
    states: { paneMs: 60_000, keyTypes: ['String'], size: { rows: expect.any(Number) } },
  });
  const asked = await server.app.inject({
    method: 'POST',
    url: '/api/query',
    payload: { sql: explained.question, params: { from: sqlTime(minute), to: sqlTime(minute + 60_000) } },
  });
  expect(asked.json().data).toEqual(second?.data.rows);
  const refused = await server.app.inject('/api/windows/bad/explain');
  expect(refused.statusCode).toBe(400);
  expect(refused.json().error.message).toContain('nothing');

  const flink = flinkAnswer.parse((await server.app.inject('/api/windows/top_talkers/flink')).json());
  expect(flink.table).toContain('CREATE TABLE `requests`');
  expect(flink.query).toContain('TUMBLE(TABLE `requests`');
  expect(flink.problems).toEqual([expect.stringContaining('late rows')]);
});

function sqlTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 23).replace('T', ' ');
}
