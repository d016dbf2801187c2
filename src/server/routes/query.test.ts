import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { AskOptions, Engine } from '../../engine/engine.ts';
import { EngineError } from '../../engine/engine-error.ts';
import { createServer, type TailraceServer } from '../create-server.ts';

const servers: TailraceServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop(0);
});

/** A listening server over an engine with these answers. */
async function listen(answer: (options: AskOptions) => AsyncIterable<Uint8Array>) {
  const engine = {
    kind: 'embedded',
    version: '1',
    ask: (_statement: unknown, options: AskOptions) => answer(options),
  } as unknown as Engine;
  const server = await createServer({
    engine,
    config: { host: '127.0.0.1', port: 0 },
    version: '1',
    consoleFolder: '/none',
  });
  servers.push(server);
  return { server, address: await server.listen() };
}

function ask(address: string, signal?: AbortSignal): Promise<Response> {
  return fetch(`${address}/api/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sql: 'SELECT 1', format: 'ndjson' }),
    ...(signal ? { signal } : {}),
  });
}

const chunk = (text: string) => new TextEncoder().encode(text);
const untilAborted = (signal: AbortSignal | undefined) =>
  new Promise<never>((_, reject) => {
    const end = () => reject(new EngineError('TAILRACE_QUERY_CANCELLED', 'cannot finish the query: it was cancelled'));
    if (signal?.aborted) end();
    else signal?.addEventListener('abort', end);
  });

describe('POST /api/query over a socket', () => {
  it('sends each piece when it is there', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { address } = await listen(async function* () {
      yield chunk('{"n":1}\n');
      await held;
      yield chunk('{"n":2}\n');
    });
    const answer = await ask(address);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).toContain('default-src');
    const reader = (answer.body ?? new ReadableStream<Uint8Array>()).getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('{"n":1}\n');
    release();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('{"n":2}\n');
    expect((await reader.read()).done).toBe(true);
  });

  it('answers nothing with an empty, complete body', async () => {
    const { address } = await listen(async function* () {});
    const answer = await ask(address);
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });

  it('cuts the connection when the query fails after the beginning', async () => {
    const { address } = await listen(async function* () {
      yield chunk('{"n":1}\n');
      throw new EngineError('TAILRACE_QUERY_LIMIT', 'cannot finish the query: time ran out');
    });
    const answer = await ask(address);
    await expect(answer.text()).rejects.toThrow();
  });

  it.each([
    ['TAILRACE_QUERY_REFUSED', false, 400],
    ['TAILRACE_QUERY_FAILED', false, 400],
    ['TAILRACE_QUERY_LIMIT', false, 422],
    ['TAILRACE_STORE_UNAVAILABLE', true, 503],
    ['TAILRACE_DISK_FULL', false, 503],
  ] as const)('%s (retryable: %s) before the beginning is %i', async (code, retryable, status) => {
    const { address } = await listen(() => ({
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.reject(new EngineError(code, 'cannot x: y', { retryable })),
      }),
    }));
    const answer = await ask(address);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('retry-after')).toBe(retryable ? '5' : null);
    expect(await answer.json()).toEqual({ error: { code, message: 'cannot x: y' } });
  });

  it('says when to ask again, where the engine knows it', async () => {
    const held = new EngineError('TAILRACE_STORE_UNAVAILABLE', 'cannot x: y', {
      retryable: true,
      retryAfterSeconds: 77,
    });
    const { address } = await listen(() => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(held) }) }));
    const answer = await ask(address);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('77');
  });

  it('stops the query when the client leaves before the first piece', async () => {
    let signalOfAsk: AbortSignal | undefined;
    const { address } = await listen(({ signal }) => ({
      [Symbol.asyncIterator]: () => ({
        next: () => {
          signalOfAsk = signal;
          return untilAborted(signal);
        },
      }),
    }));
    const client = new AbortController();
    const answer = ask(address, client.signal);
    await waitFor(() => signalOfAsk !== undefined);
    expect(signalOfAsk?.aborted).toBe(false);
    client.abort();
    await expect(answer).rejects.toThrow();
    await waitFor(() => signalOfAsk?.aborted === true);
  });

  it('stops the query when the client leaves in the middle, and ends the iteration', async () => {
    let isEnded = false;
    let signalOfAsk: AbortSignal | undefined;
    const { address } = await listen(async function* ({ signal }) {
      signalOfAsk = signal;
      try {
        yield chunk('{"n":1}\n');
        await untilAborted(signal);
      } finally {
        isEnded = true;
      }
    });
    const client = new AbortController();
    const answer = await ask(address, client.signal);
    await answer.body?.getReader().read();
    client.abort();
    await waitFor(() => signalOfAsk?.aborted === true && isEnded);
  });

  it('takes no more from the engine than a slow reader takes', async () => {
    const pieceBytes = 256 * 1024;
    let taken = 0;
    const { address } = await listen(async function* () {
      for (; taken < 1000; taken++) yield new Uint8Array(pieceBytes).fill(10);
    });
    const response = await askSlowly(address);
    response.pause();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const before = taken;
    expect(before).toBeLessThan(100);
    let bytes = 0;
    response.on('data', (data: Buffer) => {
      bytes += data.length;
    });
    response.resume();
    await once(response, 'end');
    expect(bytes).toBe(1000 * pieceBytes);
  });

  it('refuses more questions than it can hold, and takes them again', async () => {
    const { address } = await listen(async function* ({ signal }) {
      await untilAborted(signal);
      yield chunk('');
    });
    const clients = Array.from({ length: 16 }, () => new AbortController());
    const held = clients.map((client) => ask(address, client.signal).catch(() => undefined));
    let refused: Response | undefined;
    await waitFor(async () => {
      const probe = new AbortController();
      const answer = await Promise.race([
        ask(address, probe.signal).catch(() => undefined),
        new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 100)),
      ]);
      probe.abort();
      refused = answer;
      return answer !== undefined;
    });
    expect(refused?.status).toBe(429);
    expect(refused?.headers.get('retry-after')).toBe('1');
    for (const client of clients) client.abort();
    await Promise.all(held);
  });
});

describe('stop', () => {
  it('lets a running answer end and takes no new one', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { server, address } = await listen(async function* () {
      yield chunk('{"n":1}\n');
      await held;
      yield chunk('{"n":2}\n');
    });
    const answer = await ask(address);
    const stopped = server.stop(5000);
    await waitFor(() =>
      ask(address).then(
        ({ status }) => status === 503,
        () => true,
      ),
    );
    release();
    expect(await answer.text()).toBe('{"n":1}\n{"n":2}\n');
    await stopped;
  });

  it('cancels what does not end in time', async () => {
    const { server, address } = await listen(async function* ({ signal }) {
      await untilAborted(signal);
      yield chunk('');
    });
    const answer = ask(address);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const stopped = server.stop(200);
    expect((await answer).status).toBe(503);
    await stopped;
  });

  it('cuts a connection whose reader takes nothing, and ends the iteration', async () => {
    let isEnded = false;
    const { server, address } = await listen(async function* () {
      try {
        for (;;) yield new Uint8Array(1024 * 1024);
      } finally {
        isEnded = true;
      }
    });
    const response = await askSlowly(address);
    response.pause();
    response.on('error', () => {});
    await server.stop(100);
    await waitFor(() => isEnded);
  });
});

async function askSlowly(address: string): Promise<IncomingMessage> {
  const request = httpRequest(`${address}/api/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });
  request.end(JSON.stringify({ sql: 'SELECT 1', format: 'ndjson' }));
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

async function waitFor(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not happen within four seconds');
}
