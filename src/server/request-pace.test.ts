import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemorySink } from '../sources/test-doubles/memory-sink.ts';
import { runningHttpSource } from '../sources/test-doubles/running-http-source.ts';
import { createServer, type TailraceServer } from './create-server.ts';

let server: TailraceServer;
let sink: MemorySink;
let port: number;

beforeEach(async () => {
  sink = new MemorySink();
  server = await createServer({
    // These tests run no query.
    engine: undefined as never,
    config: { host: '127.0.0.1', port: 0 },
    version: '1',
    consoleFolder: '/none',
    intake: runningHttpSource(sink),
    pace: { headersMs: 400, windowMs: 400, windowBytes: 1024 },
  });
  port = Number(new URL(await server.listen()).port);
});

afterEach(() => server.stop(0));

/** Sends the head, then the pieces repeatedly. @returns what was received until the connection was closed */
async function drip(first: string, piece: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  let answer = '';
  socket.on('data', (data) => (answer += String(data)));
  const closed = new Promise((resolve) => socket.on('close', resolve));
  await write(socket, first);
  const dripping = setInterval(() => socket.writable && socket.write(piece), 50);
  await closed;
  clearInterval(dripping);
  return answer;
}

const write = (socket: Socket, text: string) => new Promise((resolve) => socket.write(text, resolve));

describe('a request that does not come', () => {
  it.each(['/api/query', '/ingest/ndjson', '/_bulk', '/ingest/firehose', '/v1/logs', '/nothing', '/_template/x'])(
    'POST %s is closed when its body drips in, chunked or not',
    async (path) => {
      const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`;
      const firehose = 'X-Amz-Firehose-Request-Id: 1\r\n';
      const answers = await Promise.all([
        drip(`${head}${firehose}Content-Length: 100000\r\n\r\n`, ' '),
        drip(`${head}${firehose}Transfer-Encoding: chunked\r\n\r\n`, '1\r\n \r\n'),
      ]);
      for (const answer of answers) {
        // The last one needs no body, and has answered already.
        expect(answer).toMatch(path === '/_template/x' ? /^HTTP\/1.1 200 / : /^HTTP\/1.1 408 /);
        expect(answer).not.toMatch(/HTTP.*HTTP/s);
      }
      expect(sink.calls).toEqual([]);
    },
  );

  it.each([
    ['says nothing', '', ''],
    ['never ends its headers', 'POST /api/query HTTP/1.1\r\nHost: localhost\r\n', 'a: b\r\n'],
  ])('is closed when it %s', async (_name, first, piece) => {
    const answer = await drip(first, piece);
    expect(answer).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n/);
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({
      error: { code: 'TAILRACE_REQUEST_TOO_SLOW', message: expect.stringMatching(/^cannot read the request: /) },
    });
  });

  it('is answered in the one form when it is no HTTP', async () => {
    const answer = await drip('what?\r\n\r\n', '');
    expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
    expect(answer).toContain('"message":"cannot read the request: it is not HTTP"');
  });
});

it('a request that takes long is read to its end as long as enough of it comes, and waits for its answer', async () => {
  const open = sink.hold();
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (data) => (answer += String(data)));
  const line = `${'x'.repeat(9_999)}\n`;
  await write(socket, `POST /ingest/ndjson HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${line.length * 20}\r\n\r\n`);
  for (let count = 0; count < 20; count++) {
    await write(socket, line);
    await pause(50);
  }
  await expect.poll(() => sink.calls.length).toBe(1);
  await pause(900);
  open();
  await expect.poll(() => answer).toMatch(/^HTTP\/1.1 200 /);
  socket.destroy();
});
