import { once } from 'node:events';
import { appendFileSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { patienceMs } from '../../../test/patience.ts';
import { replayDead } from '../../deliveries/delivery-book.ts';
import { startChoosyWire } from '../../destinations/kinesis/test-doubles/choosy-wire.ts';
import type { Engine } from '../../engine/engine.ts';
import { ScratchStore } from '../../pipeline/test-doubles/scratch-store.ts';
import { LocalStream, npmKinesis, setTestCredentials } from '../../sources/test-doubles/local-stream.ts';
import { readRecords } from '../../sources/test-doubles/read-records.ts';
import { isOutputOf, readDeadWindows, receiverOf } from './output-book.ts';
import { RunningOutput } from './run-output.ts';
import type { OutputOptions } from './window-output.ts';

const patience = { timeout: patienceMs, interval: 20 };

let scratch: ScratchStore;
beforeAll(async () => {
  scratch = await ScratchStore.open();
  await scratch.store.engine.run({
    sql: "INSERT INTO window_versions SELECT 7, 'talkers', '', ['viewer', 'n'], ['String', 'UInt32'], 0, now64(3)",
  });
});
afterAll(() => scratch.close());

/** Emits windows with these numbers, each with a row. */
async function emit(query: string, from: number, to: number): Promise<void> {
  const { engine } = scratch.store;
  const params = { query, from, count: to - from + 1 };
  const start = "toDateTime64('2026-03-01 10:00:00', 3, 'UTC') + number";
  await engine.run({
    sql: `INSERT INTO window_results SELECT {query:String}, 7, ${start}, 1, number, ['v', toString(number)], now('UTC') + 86400, [] FROM numbers({from:UInt64}, {count:UInt64})`,
    params,
  });
  await engine.run({
    sql: `
      INSERT INTO window_emissions
      SELECT {query:String}, 7, ${start}, ${start} + 1, 0, number, 1, 1, 1, ${start}, now64(3), now64(3), now('UTC') + 86400, []
      FROM numbers({from:UInt64}, {count:UInt64})`,
    params,
  });
}

/** An engine under which nothing is recorded any more, as if the program were killed before. */
function forgetful(engine: Engine): Engine {
  return new Proxy(engine, {
    get: (target, key) => {
      if (key === 'run') return () => Promise.reject(new Error('killed'));
      const own = Reflect.get(target, key) as unknown;
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
}

const told: string[] = [];
function begin(query: string, output: OutputOptions, engine: Engine = scratch.store.engine): RunningOutput {
  return new RunningOutput({ engine, onEvent: (_, said) => told.push(said) }, query, output);
}

/** Windows of an output that were given up. */
async function deadOf(query: string, { status }: RunningOutput) {
  const dead = await readDeadWindows(scratch.store.engine, 20);
  return dead.get(receiverOf(query, status.name)) ?? { count: 0, latest: [] };
}

const sequences = (lines: readonly string[]) =>
  lines.map((line) => (JSON.parse(line) as { sequence: number }).sequence);

test('a file has each window once, in their order, whatever was killed between writing and recording', async () => {
  const output = { type: 'file', path: join(scratch.root, 'out', 'talkers.ndjson') } as const;
  const lines = () => readFileSync(output.path, 'utf8').trim().split('\n');
  await emit('talkers', 1, 3);
  const first = begin('talkers', output);
  await expect.poll(() => first.status.state).toBe('running');
  await emit('talkers', 4, 150);
  await expect.poll(() => first.status).toMatchObject({ sent: 147, waiting: 0 });
  await first.stop();
  await emit('talkers', 151, 160);
  const killed = begin('talkers', output, forgetful(scratch.store.engine));
  await expect.poll(() => killed.status.problem).toBe('killed');
  await killed.stop();
  expect(lines().length).toBeGreaterThan(147);
  appendFileSync(output.path, '{"sequence":');
  const last = begin('talkers', output);
  await expect.poll(() => last.status).toMatchObject({ sent: 10, waiting: 0 });
  await last.stop();
  expect(sequences(lines())).toEqual(Array.from({ length: 157 }, (_, index) => index + 4));
  expect(JSON.parse(lines()[0] ?? '')).toMatchObject({ query: 'talkers', rows: [{ viewer: 'v', n: 4 }] });
});

type Fault = (response: ServerResponse) => void;
const answers = {
  taken: (response) => response.end(),
  fails: (response) => response.writeHead(500).end('not today'),
  redirects: (response) => response.writeHead(302, { location: 'http://elsewhere.example' }).end(),
  refuses: (response) => response.writeHead(400).end('not mine'),
  dies: (response) => response.destroy(),
  hangs: () => {},
  waits: (response) => response.writeHead(429, { 'retry-after': '0' }).end(),
} satisfies Record<string, Fault>;

/** Answers as told; afterwards takes what comes, or does as told for all. */
async function startReceiver(first: readonly Fault[], then: Fault = answers.taken) {
  const received: { key: unknown; body: string; isTaken: boolean }[] = [];
  const faults = [...first];
  const state = { later: then };
  const server = createServer(async (request: IncomingMessage, response) => {
    const body = await text(request);
    const answer = faults.shift() ?? state.later;
    received.push({ key: request.headers['idempotency-key'], body, isTaken: answer === answers.taken });
    answer(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const taken = () => sequences(received.filter(({ isTaken }) => isTaken).map(({ body }) => body));
  return { received, state, server, taken, port, url: `http://127.0.0.1:${port}/talkers?key=hidden` };
}

const dayMs = 86_400_000;
const webhook = (url: string, more: { timeoutMs?: number; giveUpAfterMs?: number } = {}) =>
  ({ type: 'webhook', url, timeoutMs: 60_000, giveUpAfterMs: dayMs, ...more }) as const;

test('a webhook that fails, closes its connections and asks to wait gets each window, with one key, in their order', async () => {
  const { fails, dies, waits } = answers;
  const receiver = await startReceiver([fails, dies, waits]);
  const running = begin('hooked', webhook(receiver.url));
  await expect.poll(() => running.status.state).toBe('running');
  await emit('hooked', 1, 3);
  await expect
    .poll(() => running.status, patience)
    .toMatchObject({ state: 'running', sent: 3, waiting: 0, failures: 3 });
  await running.stop();
  expect((await deadOf('hooked', running)).count).toBe(0);
  expect(receiver.taken()).toEqual([1, 2, 3]);
  expect(receiver.received.map(({ key }) => key)).toEqual([1, 1, 1, 1, 2, 3].map((n) => `window-hooked-${n}`));
  expect(running.status.name).not.toContain('hidden');
  expect(told.join('\n')).not.toContain('hidden');
  expect(told).toContainEqual(expect.stringContaining('it answered 500, "not today"'));
});

test('a stream that takes only some records of a request gets the others later, and each window once', async () => {
  setTestCredentials();
  const server = npmKinesis();
  onTestFinished(() => server.close());
  const target = await server.url();
  const stream = await LocalStream.create(target, 1);
  const wire = await startChoosyWire(target);
  wire.fault = (_, times) => (times < 6 && times % 2 === 0 ? 'InternalFailure' : undefined);
  const place = { stream: stream.name, endpoint: wire.url, region: 'us-east-1', giveUpAfterMs: dayMs };
  const running = begin('streamed', { type: 'kinesis', ...place });
  await expect.poll(() => running.status.state).toBe('running');
  await emit('streamed', 1, 9);
  await expect.poll(() => running.status, patience).toMatchObject({ sent: 9, waiting: 0 });
  expect((await deadOf('streamed', running)).count).toBe(0);
  await running.stop();
  const had = (await readRecords(stream)).map(({ text: line }) => line);
  expect(sequences(had).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(wire.puts.length).toBeGreaterThan(1);
});

test('what is refused is given up at once, holds up nothing, and is sent once more with its key, also after a restart', async () => {
  const receiver = await startReceiver([answers.taken, answers.refuses, answers.taken, answers.redirects]);
  const first = begin('refused', webhook(receiver.url));
  await expect.poll(() => first.status.state).toBe('running');
  await emit('refused', 1, 5);
  await expect.poll(() => first.status, patience).toMatchObject({ state: 'running', sent: 3, waiting: 0 });
  const dead = await deadOf('refused', first);
  expect(dead.count).toBe(2);
  expect(dead.latest).toMatchObject([
    { sequence: 4, attempts: 1, problem: expect.stringContaining('it answered 302') },
    { sequence: 2, attempts: 1, problem: expect.stringContaining('it answered 400, "not mine"') },
  ]);
  expect(told).toContainEqual(expect.stringMatching(/window 2 is given up: .*"tailrace windows replay refused"/));
  await first.stop();
  const { engine } = scratch.store;
  expect(await replayDead(engine, 'window_deliveries', isOutputOf('refuse'))).toBe(0);
  const second = begin('refused', webhook(receiver.url));
  await expect.poll(() => second.status, patience).toMatchObject({ state: 'running', waiting: 0 });
  expect(receiver.received.length).toBe(5);
  expect(await replayDead(engine, 'window_deliveries', isOutputOf('refused'))).toBe(2);
  await expect.poll(() => second.status, patience).toMatchObject({ sent: 2, waiting: 0 });
  await second.stop();
  expect((await deadOf('refused', second)).count).toBe(0);
  expect(receiver.taken()).toEqual([1, 3, 5, 2, 4]);
  expect(receiver.received.slice(5).map(({ key }) => key)).toEqual(['window-refused-2', 'window-refused-4']);
  expect(await replayDead(engine, 'window_deliveries', isOutputOf('refused'))).toBe(0);
});

test.each(['hangs', 'dies', 'fails', 'nothing listens'] as const)(
  'where it %s until windows are old, they are given up together, and nothing is lost',
  async (kind) => {
    const query = `old_${kind.replace(' ', '_')}`;
    const receiver = await startReceiver([], kind === 'nothing listens' ? answers.taken : answers[kind]);
    if (kind === 'nothing listens') receiver.server.close();
    const options = webhook(receiver.url, { timeoutMs: 50, giveUpAfterMs: 0 });
    const running = begin(query, options);
    await expect.poll(() => running.status.state).toBe('running');
    await emit(query, 1, 150);
    await expect.poll(async () => (await deadOf(query, running)).count, patience).toBe(150);
    await expect.poll(() => running.status, patience).toMatchObject({ waiting: 0, sent: 0 });
    await running.stop();
    expect((await deadOf(query, running)).latest.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 20 }, (_, index) => 150 - index),
    );
    // One attempt told that nothing is taken, however many windows waited.
    expect(receiver.received.length).toBeLessThanOrEqual(2);
    if (kind === 'nothing listens') {
      receiver.server.listen(receiver.port, '127.0.0.1');
      await once(receiver.server, 'listening');
    }
    receiver.state.later = answers.taken;
    expect(await replayDead(scratch.store.engine, 'window_deliveries', isOutputOf(query))).toBe(150);
    const again = begin(query, webhook(receiver.url));
    await expect.poll(() => again.status, patience).toMatchObject({ sent: 150, waiting: 0 });
    await again.stop();
    expect((await deadOf(query, again)).count).toBe(0);
    expect(receiver.taken()).toEqual(Array.from({ length: 150 }, (_, index) => index + 1));
  },
);
