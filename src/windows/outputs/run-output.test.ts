import { once } from 'node:events';
import { appendFileSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../engine/engine.ts';
import { ScratchStore } from '../../pipeline/test-doubles/scratch-store.ts';
import { RunningOutput } from './run-output.ts';
import type { OutputOptions } from './window-output.ts';

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

test('a webhook that fails, redirects and closes its connections gets each window, with one key, in their order', async () => {
  const taken: string[] = [];
  const keys: unknown[] = [];
  const faults: ((response: ServerResponse) => void)[] = [
    (response) => response.writeHead(500).end('not today'),
    (response) => response.writeHead(302, { location: 'http://elsewhere.example' }).end(),
    (response) => response.destroy(),
    (response) => response.writeHead(429, { 'retry-after': '0' }).end(),
  ];
  const receiver = createServer(async (request: IncomingMessage, response) => {
    const body = await text(request);
    const fault = faults.shift();
    if (fault) return void fault(response);
    keys.push(request.headers['idempotency-key']);
    taken.push(body);
    response.end();
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/talkers?key=hidden`;
  const running = begin('hooked', { type: 'webhook', url, timeoutMs: 5000 });
  await expect.poll(() => running.status.state).toBe('running');
  await emit('hooked', 1, 3);
  await expect.poll(() => running.status).toMatchObject({ state: 'running', sent: 3, waiting: 0, failures: 4 });
  await running.stop();
  receiver.close();
  expect(sequences(taken)).toEqual([1, 2, 3]);
  expect(keys).toEqual([1, 2, 3].map((sequence) => `window-hooked-${sequence}`));
  expect(running.status.name).not.toContain('hidden');
  expect(told.join('\n')).not.toContain('hidden');
  expect(told).toContainEqual(expect.stringContaining('it answered 500, "not today"'));
});
