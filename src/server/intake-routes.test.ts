import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import fastify from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type IntakeServer, startIntakeServer } from '../../test/integration/intake-clients/intake-server.ts';
import { MemorySink } from '../sources/test-doubles/memory-sink.ts';
import { createServer } from './create-server.ts';
import { answerErrors } from './error-answers.ts';
import { createIntakeCounts } from './intake/intake-counts.ts';
import { serveIntakes } from './intake-routes.ts';
import { RunningRequests } from './running-requests.ts';

let target: IntakeServer;

beforeEach(async () => {
  target = await startIntakeServer();
});

afterEach(() => target.server.stop(0));

const post = (path: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  fetch(target.url + path, { method: 'POST', body, headers });

const paths = ['/ingest/firehose', '/ingest/ndjson', '/_bulk', '/logs/_bulk', '/v1/logs'];

describe('access', () => {
  const senders: Readonly<Record<string, string>>[] = [
    { authorization: 'Bearer s3cret' },
    { authorization: `Basic ${btoa('any:s3cret')}` },
    { 'x-amz-firehose-access-key': 's3cret' },
  ];
  const strangers: Readonly<Record<string, string>>[] = [
    {},
    { authorization: 'Bearer s3cre' },
    { authorization: 'Bearer ' },
    { authorization: 's3cret' },
    { authorization: `Basic ${btoa('s3cret:')}` },
    { 'x-amz-firehose-access-key': 's3cret2' },
  ];

  it('is for who knows the token, where there is one, in each of its forms', async () => {
    const guarded = await startIntakeServer('s3cret');
    try {
      const send = (path: string, headers: Readonly<Record<string, string>>) =>
        fetch(guarded.url + path, { method: 'POST', body: 'x', headers });
      for (const headers of senders) expect((await send('/ingest/ndjson', headers)).status).toBe(200);
      for (const headers of strangers) {
        for (const path of paths) {
          const answer = await send(path, headers);
          expect(answer.status, path).toBe(401);
          expect(await answer.text()).toMatch(/cannot take these logs: the token is missing or wrong/);
        }
      }
      expect((await fetch(`${guarded.url}/_license`)).status).toBe(401);
      expect(guarded.sink.lines).toEqual(['x', 'x', 'x']);
      expect(guarded.server.intakeCounts.bulk.refused).toEqual({ invalid: 12, busy: 0, unavailable: 0 });
    } finally {
      await guarded.server.stop(0);
    }
  });

  it('on other addresses than loopback ones is only with a token', async () => {
    const open = (host: string, token?: string) =>
      createServer({
        engine: undefined as never,
        config: { host, port: 0 },
        version: '1',
        consoleFolder: '/none',
        intake: new MemorySink(),
        ...(token === undefined ? {} : { token }),
      });
    for (const host of ['0.0.0.0', '::', '192.168.0.1', 'logs.example']) {
      await expect(open(host)).rejects.toThrow(/^cannot take logs on ".*set server.token, or listen on 127.0.0.1$/);
      await (await open(host, 't')).stop(0);
    }
  });

  it('is not for pages of other sites, which could post text without asking first', async () => {
    for (const origin of ['http://evil.example', 'null', 'http://127.0.0.1:1', `${target.url}.evil.example`]) {
      for (const path of paths) expect((await post(path, 'x', { origin })).status, path).toBe(403);
    }
    expect((await post('/ingest/ndjson', 'x', { origin: target.url })).status).toBe(200);
    expect(target.sink.lines).toEqual(['x']);
  });

  it('is not for names that only resolve to this machine', async () => {
    const { statusCode, body } = await target.server.app.inject({
      method: 'POST',
      url: '/_bulk',
      headers: { host: 'rebound.example' },
      payload: 'x',
    });
    expect([statusCode, JSON.parse(body)]).toMatchObject([403, { error: { type: 'security_exception' }, status: 403 }]);
  });
});

describe('bodies', () => {
  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'nonsense', ';', ''])(
    'are taken under the type "%s"',
    async (type) => {
      expect((await post('/ingest/ndjson', 'a line', { 'content-type': type })).status).toBe(200);
      expect(target.sink.lines).toEqual(['a line']);
    },
  );

  it('are taken chunked, in single bytes, inflated', async () => {
    const bytes = gzipSync('a line\nand another');
    await new Promise((resolve, reject) => {
      const request = httpRequest(`${target.url}/ingest/ndjson`, {
        method: 'POST',
        headers: { 'content-encoding': 'gzip' },
      });
      request.on('response', (response) => response.resume().on('end', resolve)).on('error', reject);
      for (const byte of bytes) request.write(Uint8Array.of(byte));
      request.end();
    });
    expect(target.sink.lines).toEqual(['a line', 'and another']);
  });

  it('that inflate to more than the limit are refused', async () => {
    const bomb = gzipSync(Buffer.alloc(101 * 1024 * 1024));
    expect((await post('/ingest/ndjson', bomb, { 'content-encoding': 'gzip' })).status).toBe(413);
    expect(target.sink.calls).toEqual([]);
  });

  it.each([
    ['of a stated length', `Content-Length: ${110 * 1024 * 1024}`, '', '', ''],
    ['in chunks', 'Transfer-Encoding: chunked', '100000\r\n', '\r\n', '0\r\n\r\n'],
  ])('over the limit, %s, are refused on a connection that lives on', async (_name, header, before, after, end) => {
    const socket = connect(target.port, '127.0.0.1');
    let answers = '';
    socket.on('data', (data) => (answers += String(data)));
    const write = (data: string | Uint8Array) => new Promise((resolve) => socket.write(data, resolve));
    await write(`POST /ingest/ndjson HTTP/1.1\r\nHost: localhost\r\n${header}\r\n\r\n`);
    const mebibyte = Buffer.concat([Buffer.from(before), Buffer.alloc(1024 * 1024), Buffer.from(after)]);
    for (let count = 0; count < 110; count++) await write(mebibyte);
    await write(`${end}POST /ingest/ndjson HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx`);
    await expect
      .poll(() => answers.match(/HTTP\/1.1 \d+/g), { timeout: 20_000 })
      .toEqual(['HTTP/1.1 413', 'HTTP/1.1 200']);
    socket.destroy();
    expect(target.sink.lines).toEqual(['x']);
  });

  it('that end too early are forgotten', async () => {
    const socket = connect(target.port, '127.0.0.1');
    socket.write('POST /ingest/ndjson HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nonly a part');
    await expect.poll(() => target.server.intakeCounts.ndjson.bytes).toBe(11);
    socket.destroy();
    expect((await post('/ingest/ndjson', 'x')).status).toBe(200);
    expect(target.sink.lines).toEqual(['x']);
  });
});

describe('/ingest/ndjson', () => {
  it('says what became of the lines', async () => {
    const answer = await post('/ingest/ndjson?group=g&service=s&host=h&stream=t&other=1', '{"a":1}\n\nREJECT me\n');
    expect(await answer.json()).toEqual({
      known: false,
      lines: 3,
      rows: 1,
      rejected: 1,
      comments: 1,
      guarantee: 'at-least-once',
    });
    expect(target.sink.stored[0]).toMatchObject({
      origin: 'ndjson:g/s/h/t',
      context: { group: 'g', service: 's', host: 'h', stream: 't', arrivedAtMs: expect.any(Number) },
    });
    expect(target.server.intakeCounts.ndjson).toMatchObject({ requests: 1, lines: 3, rejected: 1 });
  });

  it('stores a request with an Idempotency-Key once, and others each time', async () => {
    const key = { 'idempotency-key': '"one"' };
    expect(await (await post('/ingest/ndjson', 'a', key)).json()).toMatchObject({
      known: false,
      guarantee: 'exactly-once',
    });
    expect(await (await post('/ingest/ndjson', 'a', key)).json()).toMatchObject({ known: true, lines: 1 });
    await post('/ingest/ndjson', 'b');
    await post('/ingest/ndjson', 'b');
    expect(target.sink.lines).toEqual(['a', 'b', 'b']);
    expect((await post('/ingest/ndjson', 'a', { 'idempotency-key': 'x'.repeat(300) })).status).toBe(400);
  });

  it('takes nothing for nothing, and no query that is no name', async () => {
    expect(await (await post('/ingest/ndjson', '')).json()).toMatchObject({ lines: 0, known: false });
    expect((await post('/ingest/ndjson?group=a&group=b', 'x')).status).toBe(400);
    expect(target.sink.calls).toEqual([]);
  });
});

describe('_bulk', () => {
  it('answers each action in its place, and stores one delivery an index', async () => {
    const lines = [
      '{"index":{"_index":"a","_id":"7"}}',
      '{"n":1}',
      '{"delete":{"_id":"1"}}',
      '{"create":{}}',
      '{"n":2} ',
      '{"update":{"_id":"2"}}',
      '{"doc":{}}',
      '{"create":{}}',
      '[1]',
      '{"index":{"_index":"a"}}',
      '{"n":3}',
      '{"index":{"_index":"two words"}}',
      '{"n":4}',
      '{"index":{}}',
    ];
    const answer = await post('/b/_bulk?timeout=5000ms', lines.join('\r\n'));
    const { errors, items } = (await answer.json()) as {
      errors: boolean;
      items: Record<string, Record<string, unknown>>[];
    };
    expect(errors).toBe(true);
    expect(items.flatMap(Object.entries).map(([name, { _index, _id, status }]) => [name, _index, _id, status])).toEqual(
      [
        ['index', 'a', '7', 201],
        ['delete', 'b', '1', 400],
        ['create', 'b', undefined, 201],
        ['update', 'b', '2', 400],
        ['create', 'b', undefined, 400],
        ['index', 'a', undefined, 201],
        ['index', 'two words', undefined, 400],
        ['index', 'b', undefined, 400],
      ],
    );
    expect(target.sink.stored.map(({ origin, context }) => [origin, context?.group])).toEqual([
      ['bulk:a', 'a'],
      ['bulk:b', 'b'],
    ]);
    expect(target.sink.lines).toEqual(['{"n":1}', '{"n":3}', '{"n":2} ']);
    expect(target.server.intakeCounts.bulk).toMatchObject({ lines: 3, rejected: 5 });
  });

  it('stores nothing of a request that is none', async () => {
    for (const body of ['', '\n', '{"index":{}}\n{"n":1}\nwhat?\n']) {
      const answer = await post('/_bulk', body);
      expect(answer.status).toBe(400);
      expect(answer.headers.get('x-elastic-product')).toBe('Elasticsearch');
      expect(await answer.json()).toMatchObject({ error: { type: 'illegal_argument_exception' }, status: 400 });
    }
    expect(target.sink.calls).toEqual([]);
  });

  it('answers in the type and with the parts that the sender asks for', async () => {
    const accept = 'application/vnd.elasticsearch+json; compatible-with=9';
    const answer = await post('/a/_bulk?filter_path=errors,items.*.status', '{"index":{}}\n{}\n', { accept });
    expect(answer.headers.get('content-type')).toBe('application/vnd.elasticsearch+json;compatible-with=9');
    expect(await answer.json()).toEqual({ errors: false, items: [{ index: { status: 201 } }] });
    expect(await (await post('/a/_bulk?filter_path=items.*.error', '{"index":{}}\n{}\n')).json()).toEqual({});
  });

  it('refuses more indexes than one request may name, one by one', async () => {
    const lines = Array.from({ length: 101 }, (_, index) => `{"index":{"_index":"i${index}"}}\n{}\n`);
    const { items } = (await (await post('/_bulk', lines.join(''))).json()) as {
      items: { index: { status: number } }[];
    };
    expect(items.map(({ index }) => index.status)).toEqual([...Array.from({ length: 100 }, () => 201), 400]);
  });
});

describe('the handshake', () => {
  it.each<[string, string, number]>([
    ['GET', '/_license', 200],
    ['GET', '/_xpack', 200],
    ['GET', '/_cluster/health', 200],
    ['HEAD', '/_index_template/logs', 200],
    ['GET', '/_index_template/logs', 200],
    ['PUT', '/_index_template/logs', 200],
    ['GET', '/_ilm/policy/logs', 200],
    ['PUT', '/_ingest/pipeline/logs', 200],
    ['HEAD', '/_alias/logs', 200],
    ['HEAD', '/logs', 200],
    ['PUT', '/logs', 200],
    ['HEAD', '/', 200],
  ])('%s %s', async (method, path, status) => {
    const answer = await fetch(target.url + path, { method, ...(method === 'PUT' ? { body: '{"x":1}' } : {}) });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('x-elastic-product')).toBe('Elasticsearch');
  });

  it('tells programs the product, and shows people the console', async () => {
    expect(await (await fetch(target.url)).json()).toMatchObject({
      version: { number: expect.stringMatching(/^8\.\d+\.\d+$/) },
      tagline: 'You Know, for Search',
    });
    const page = await fetch(target.url, { headers: { accept: 'text/html,*/*;q=0.8' } });
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('x-elastic-product')).toBeNull();
  });
});

describe('/v1/logs', () => {
  const record = (fields: object) => ({ resourceLogs: [{ scopeLogs: [{ logRecords: [fields] }] }] });
  const send = (body: string | Uint8Array, type = 'application/json') =>
    post('/v1/logs', body, { 'content-type': type });

  it.each<[string, object, object]>([
    ['nothing', {}, { logger: '', message: '', attributes: {} }],
    ['times', { timeUnixNano: '0', observedTimeUnixNano: '1700000000000999999' }, { time: '2023-11-14T22:13:20.000Z' }],
    ['a spelled level', { severityText: 'warning', severityNumber: 9 }, { level: 'WARN' }],
    ['a level of its own', { severityText: 'odd', severityNumber: 17 }, { level: 'ERROR' }],
    ['the last number', { severityNumber: 24 }, { level: 'FATAL' }],
    ['ids', { traceId: '0AF7', spanId: 'AB' }, { trace_id: '0af7', span_id: 'ab' }],
    ['a large integer', { body: { intValue: '9223372036854775807' } }, { message: '9223372036854775807' }],
    ['bytes', { body: { bytesValue: 'AQI=' } }, { message: 'AQI=' }],
    ['NaN', { body: { arrayValue: { values: [{ doubleValue: 'NaN' }, {}] } } }, { message: '["NaN",null]' }],
    ['a name', { eventName: 'login' }, { attributes: { 'event.name': 'login' } }],
    ['a nasty key', { attributes: [{ key: '__proto__', value: { intValue: 1 } }] }, {}],
  ])('keeps %s', async (_name, fields, line) => {
    expect(await (await send(JSON.stringify(record(fields)))).json()).toEqual({});
    expect(JSON.parse(target.sink.lines[0] ?? '')).toMatchObject(line);
  });

  it('says how many records it refused, and keeps the others', async () => {
    const body = JSON.stringify({
      resourceLogs: [
        { scopeLogs: [{ logRecords: [5, { timeUnixNano: 'x' }, { body: { stringValue: 'good' } }] }] },
        {},
      ],
    });
    expect(await (await send(body)).json()).toMatchObject({ partialSuccess: { rejectedLogRecords: '2' } });
    expect(target.sink.lines).toHaveLength(1);
    // In protobuf: a scope with one record of one byte, which is no record, and one that is empty.
    const answer = await send(Buffer.from('0a0712051201ff1200', 'hex'), 'application/x-protobuf');
    expect(
      Buffer.from(await answer.arrayBuffer())
        .subarray(2, 4)
        .toString('hex'),
    ).toBe('0801');
    expect(target.sink.lines).toHaveLength(2);
  });

  it.each<[string, string | Uint8Array, string]>([
    ['application/json', 'no JSON', 'json'],
    ['application/json', '{"resourceLogs":5}', 'json'],
    ['application/json', '5', 'json'],
    ['application/x-protobuf', 'no protobuf', 'protobuf'],
    ['text/plain', '{"resourceLogs":5}', 'json'],
    ['text/plain', 'no protobuf', 'json'],
  ])('refuses as %s: %s', async (type, body, form) => {
    const answer = await send(body, type);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe(form === 'json' ? 'application/json' : 'application/x-protobuf');
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (form === 'json') expect(JSON.parse(String(bytes))).toMatchObject({ code: 3, message: /^cannot read the logs/ });
    else expect(bytes.subarray(0, 2).toString('hex')).toBe('0803');
  });
});

describe('back-pressure', () => {
  it.each<[string, object, number]>([
    ['full', { waitingBytes: 1, full: true }, 429],
    ['stopped', { waitingBytes: 1, full: false, problem: 'the disk is full' }, 503],
  ])('a store that is %s', async (_name, pressure, status) => {
    Object.assign(target.sink, { pressureNow: pressure });
    for (const path of paths) {
      const answer = await post(path, 'x');
      expect(answer.status).toBe(status);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(target.sink.calls).toEqual([]);
    const { refused } = target.server.intakeCounts.otlp;
    expect(refused).toEqual({ invalid: 0, busy: status === 429 ? 1 : 0, unavailable: status === 503 ? 1 : 0 });
  });

  it('limits what all requests hold together', async () => {
    const app = fastify();
    answerErrors(app);
    const sink = new MemorySink();
    const open = sink.hold();
    serveIntakes(app, {
      sink,
      token: undefined,
      host: '127.0.0.1',
      counts: createIntakeCounts(),
      running: new RunningRequests(),
      maxHeldBytes: 1000,
    });
    const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/ingest/ndjson`;
    const send = () => fetch(url, { method: 'POST', body: 'x'.repeat(600) });
    const first = send();
    await expect.poll(() => sink.calls.length).toBe(1);
    const refused = await send();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    open();
    expect((await first).status).toBe(200);
    expect((await send()).status).toBe(200);
    await app.close();
  });
});

describe('the end', () => {
  it('lets requests under way finish, and takes no new ones', async () => {
    const open = target.sink.hold();
    const first = post('/ingest/ndjson', 'x');
    await expect.poll(() => target.sink.calls.length).toBe(1);
    const stopped = target.server.stop(10_000);
    const second = await post('/ingest/ndjson', 'y').then(
      ({ status }) => status,
      () => 'refused',
    );
    expect([503, 'refused']).toContain(second);
    open();
    expect((await first).status).toBe(200);
    await stopped;
    expect(target.sink.lines).toEqual(['x']);
  });

  it('a server without a sink says what is missing', async () => {
    const server = await createServer({
      engine: undefined as never,
      config: { host: '0.0.0.0', port: 0 },
      version: '1',
      consoleFolder: '/none',
    });
    for (const url of paths) {
      const { statusCode, body } = await server.app.inject({ method: 'POST', url, payload: 'x' });
      expect(statusCode).toBe(503);
      expect(body).toMatch(/tailrace up/);
    }
    await server.stop(0);
  });
});
