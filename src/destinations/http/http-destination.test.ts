import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { ClosedBatch } from '../../ledger/shipments.ts';
import { explainNetworkFault } from '../../webhooks/network-fault.ts';
import { createBackup } from '../backup/create-backup.ts';
import { type Shipment, UnfitBatchError } from '../destination.ts';
import { undivided } from '../test-doubles/undivided.ts';
import { createHttpDestination, type HttpOptions } from './http-destination.ts';

vi.mock('../../waiting/backoff.ts', () => ({ backoffMs: () => 1 }));

const batch: ClosedBatch = {
  batch: '42',
  requests: 8,
  logs: 0,
  rejects: 0,
  firstTime: null,
  lastTime: null,
  closedAtMs: 0,
};
const rows = Array.from({ length: 8 }, (_, number) => `{"line_number":${number}}\n`);
const shipment: Shipment = {
  batches: [batch],
  read: async function* () {
    yield Buffer.from(rows.join(''));
  },
  divide: undivided,
};
const { signal } = new AbortController();

interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
/** Status, and whatever else an answer has. */
type Say = (received: Received, number: number) => { status: number; headers?: Record<string, string>; body?: string };

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

async function startReceiver(say: Say, create = (listener: RequestListener): Server => createServer(listener)) {
  const received: Received[] = [];
  const server = create(async (request, response) => {
    const one = { headers: request.headers, body: await text(request) };
    received.push(one);
    const { status, headers, body } = say(one, received.length);
    response.writeHead(status, headers).end(body);
  });
  return { received, port: await listen(server) };
}

function destinationAt(url: string, more: Partial<HttpOptions> = {}) {
  return createHttpDestination({
    ...{ url, format: 'ndjson', compression: 'none', tables: ['requests'], headers: {} },
    ...{ maxBytes: 1_000_000, timeoutMs: 60_000, ...more },
  });
}

const failureAt = (url: string, more?: Partial<HttpOptions>) =>
  destinationAt(url, more)
    .ship(shipment, signal)
    .then(
      () => expect.fail('it was delivered'),
      (error: Error) => error,
    );

test('a request that is too large is halved until it fits, under keys of the halves', async () => {
  const say: Say = ({ body }) => ({ status: body.length > 40 ? 413 : 200 });
  const { received, port } = await startReceiver(say);
  const ship = () => destinationAt(`http://127.0.0.1:${port}`).ship(shipment, signal);
  expect(await ship()).toEqual([{ rows: 8, bytes: rows.join('').length, refused: 0, backupBytes: 0, missing: 0 }]);
  const taken = received.filter((one) => say(one, 0).status === 200);
  expect(taken.map(({ body }) => body).join('')).toBe(rows.join(''));
  const parts = taken.map(({ headers }) => [headers['tailrace-part'], headers['tailrace-rows']]);
  expect(parts).toEqual(['1.1.1', '1.1.2', '1.2.1', '1.2.2'].map((part) => [part, '2']));
  const keys = received.map(({ headers }) => headers['idempotency-key']);
  expect(new Set(keys).size).toBe(received.length);
  await ship();
  expect(received.slice(keys.length).map(({ headers }) => headers['idempotency-key'])).toEqual(keys);
});

test('a key is never that of other rows, however they are cut', async () => {
  const { received, port } = await startReceiver(() => ({ status: 200 }));
  for (const maxBytes of [40, 60, 1000])
    await destinationAt(`http://127.0.0.1:${port}`, { maxBytes }).ship(shipment, signal);
  const bodies = new Set(received.map(({ body }) => body));
  expect(bodies.size).toBeGreaterThan(5);
  expect(new Set(received.map(({ headers }) => headers['idempotency-key'])).size).toBe(bodies.size);
});

test('a row that is too large alone is the fault of its batch', async () => {
  const { port } = await startReceiver(({ body }) => ({ status: body.includes(':5}') ? 413 : 200 }));
  const error = await failureAt(`http://127.0.0.1:${port}`);
  expect(error).toBeInstanceOf(UnfitBatchError);
  expect(error.message).toMatch(/it answered 413; let the receiver take larger requests/);
});

test.each([400, 422])('%i is the fault of the batch, with the reason that the receiver gave', async (status) => {
  const { port } = await startReceiver(() => ({
    status,
    body: `{\n"error":"\x1b[31mno\u202e such ${'x'.repeat(500)}`,
  }));
  const error = await failureAt(`http://127.0.0.1:${port}`);
  expect(error).toMatchObject({
    batch: '42',
    message: expect.stringMatching(/answered \d+, "{ "error":" \[31mno such x{170,200}…"; /),
  });
});

test('with a backup, what is refused for good is kept there and the others are delivered', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tailrace-refused-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const said: Record<string, number> = { ':2}': 422, ':5}': 413 };
  const { port, received } = await startReceiver(({ body }) => ({
    status: Object.entries(said).find(([row]) => body.includes(row))?.[1] ?? 200,
    body: 'as told',
  }));
  const owner = { failure: 'http-endpoint-failed', destination: 'hook' };
  const backup = () => createBackup({ type: 'folder', path: folder }, owner, folder);
  const url = `http://127.0.0.1:${port}`;
  const told: string[] = [];
  const deliver = async () => {
    const destination = destinationAt(url, { maxBytes: 40, backup: backup() });
    await destination.open(signal, (text) => told.push(text));
    const delivered = await destination.ship(shipment, signal);
    await destination.close();
    return delivered;
  };
  const files = () =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(`hook-${batch.batch}`));
  const kept = () =>
    readFileSync(join(folder, files()[0] ?? ''), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  for (let time = 0; time < 2; time++) {
    expect(await deliver()).toMatchObject([{ rows: 5, refused: 3, missing: 0 }]);
    // Two rows are in one request, of which the receiver does not say which one it means.
    expect(kept().map(({ rawData }) => Buffer.from(rawData, 'base64').toString())).toEqual(
      [2, 3, 5].map((number) => `{"line_number":${number}}`),
    );
  }
  const dataId = received.find(({ body }) => body.includes(':5}') && !body.includes(':4}'))?.headers['idempotency-key'];
  expect(kept()[2]).toMatchObject({
    attemptsMade: 1,
    errorCode: '413',
    errorMessage: `cannot deliver to "${url}": it answered 413, "as told"; let the receiver take larger requests`,
    dataId,
    subsequenceNumber: '3.2',
    tailraceDestination: 'hook',
  });
  expect(told[0]).toBe(
    `cannot deliver some rows to "${url}": it answers 422; they are kept in "${folder}" with the reasons, see why the receiver does not take them`,
  );
  for (const row of Object.keys(said)) delete said[row];
  expect(await deliver()).toMatchObject([{ rows: 8, refused: 0, backupBytes: 0 }]);
  expect(files()).toEqual([]);
});

test.each([301, 307, 401, 403, 404, 405, 501])(
  'after %i everything waits, and no credential is shown',
  async (status) => {
    const secret = 's3cret-of-the-user';
    const headers = { location: `https://elsewhere.example/${secret}?t=${secret}` };
    const { port, received } = await startReceiver(() => ({ status, headers, body: `not for ${secret}` }));
    const url = `http://127.0.0.1:${port}/${secret}?key=${secret}`;
    const error = await failureAt(url, { headers: { authorization: `Bearer ${secret}` } });
    expect(error).not.toBeInstanceOf(UnfitBatchError);
    expect(error.message).toMatch(
      /^cannot deliver to "http:\/\/127\.0\.0\.1:\d+": it answered \d+, "not for \*\*\*".*; .+/,
    );
    expect(error.message).not.toContain(secret);
    expect(received.length).toBe(status > 500 ? 3 : 1);
    if (status < 400)
      expect(error.message).toContain('which leads to https://elsewhere.example; write the final address');
  },
);

test('a receiver that is busy is asked again when it wants, and gets the rest', async () => {
  const times: number[] = [];
  const { port, received } = await startReceiver((_, number) => {
    times.push(performance.now());
    if (number === 1) return { status: 429, headers: { 'retry-after': '1' } };
    if (number === 2) return { status: 503, headers: { 'retry-after': new Date(0).toUTCString() } };
    return { status: 204 };
  });
  await destinationAt(`http://127.0.0.1:${port}`, { maxBytes: 40 }).ship(shipment, signal);
  expect(received.map(({ headers }) => headers['tailrace-part'])).toEqual(['1', '1', '1', '2', '3', '4']);
  // Timers may fire a little early.
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(950);
});

test('a receiver that wants a long pause, or fails three times, is away', async () => {
  const { port, received } = await startReceiver(() => ({ status: 429, headers: { 'retry-after': '3600' } }));
  expect((await failureAt(`http://127.0.0.1:${port}`)).message).toContain('it answered 429');
  expect(received.length).toBe(1);
  const broken = await startReceiver(() => ({ status: 500 }));
  expect((await failureAt(`http://127.0.0.1:${broken.port}`)).message).toContain('see the log of the receiver');
  expect(broken.received.length).toBe(3);
});

test('faults of the network and of TLS have a cause and a remedy', async () => {
  const { port } = await startReceiver(() => ({ status: 200 }));
  const pem = readFileSync(new URL('testdata/self-signed.pem', import.meta.url));
  const secure = await startReceiver(
    () => ({ status: 200 }),
    (listener) => createSecureServer({ key: pem, cert: pem }, listener),
  );
  const silent = await listen(createServer(() => {}));
  const problems = async (url: string, timeoutMs = 60_000) => {
    const [problem] = await destinationAt(url, { timeoutMs }).check(signal);
    expect((await failureAt(url, { timeoutMs })).message).toBe(problem);
    return problem;
  };
  expect(await problems(`https://127.0.0.1:${port}`)).toMatch(
    /does not speak TLS .*; check whether url must begin with http:/,
  );
  expect(await problems(`https://127.0.0.1:${secure.port}`)).toMatch(
    /an authority that is not known .*NODE_EXTRA_CA_CERTS/,
  );
  expect(await problems(`http://127.0.0.1:${secure.port}`)).toMatch(/it closed the connection/);
  expect(await problems('http://receiver.invalid')).toMatch(/its name is not known/);
  expect(await problems(`http://127.0.0.1:${silent}`, 100)).toMatch(/does not answer in time/);
  const expired = Object.assign(new Error('certificate has expired'), { code: 'CERT_HAS_EXPIRED' });
  expect(explainNetworkFault(new TypeError('fetch failed', { cause: expired }))).toMatch(/expired .*; renew/);
});
