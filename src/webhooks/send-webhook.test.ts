import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { pauseAfter, sendWebhook, type WebhookOptions } from './send-webhook.ts';

const { signal } = new AbortController();
const message = { id: 'alert-1:firing', body: { alert: 'errors', value: 0.07 } };

type Say = (request: IncomingMessage, response: ServerResponse) => void;
interface Received {
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

async function startReceiver(say: Say) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    received.push({ url: request.url, headers: request.headers, body: await text(request) });
    say(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(stop);
  return { received, stop, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const sendTo = (url: string, more: Partial<WebhookOptions> = {}) =>
  sendWebhook({ url, timeoutMs: 60_000, ...more }, message, signal);

test('a message has its key, and a signature that a receiver can check from the bytes', async () => {
  const { url, received } = await startReceiver((_, response) => response.end());
  const key = Buffer.alloc(32, 7);
  expect(await sendTo(url, { secret: `whsec_${key.toString('base64')}` })).toEqual({ kind: 'taken' });
  const { headers = {}, body = '' } = received[0] ?? {};
  expect(JSON.parse(body)).toEqual(message.body);
  expect(headers).toMatchObject({ 'idempotency-key': message.id, 'webhook-id': message.id });
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
  expect(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(60);
});

test.each([
  [500, 'later', /it answered 500, "no disk"; see the log of the receiver/],
  [429, 'later', /it answered 429/],
  [409, 'later', /it answered 409/],
  [400, 'refused', /it answered 400, "no disk"; see why/],
  [401, 'refused', /check the credentials/],
  [404, 'refused', /check the path in url/],
] as const)('after %i it is %s', async (status, kind, reason) => {
  const { url } = await startReceiver((_, response) => response.writeHead(status).end('no disk'));
  expect(await sendTo(url)).toMatchObject({ kind, reason: expect.stringMatching(reason) });
});

test('no redirect is followed, not even to the same receiver, and no credential is shown', async () => {
  const { url, received } = await startReceiver((request, response) =>
    response.writeHead(307, { location: `${request.url}moved` }).end('token-of-mine path-secret'),
  );
  const headers = { authorization: 'Bearer token-of-mine' };
  const outcome = await sendTo(`${url}/path-secret?`, { headers, hidden: ['path-secret'] });
  expect(outcome).toEqual({
    kind: 'refused',
    reason: `cannot send to "${url}": it answered 307, "*** ***"; write the final address as url: a redirect is not followed, lest credentials go elsewhere`,
  });
  expect(received.length).toBe(1);
});

test('a receiver that hangs, before or in its answer, or answers without end, costs the time limit at most', async () => {
  const silent = await startReceiver(() => {});
  const later = { kind: 'later', reason: expect.stringMatching(/does not answer in time/) };
  expect(await sendTo(silent.url, { timeoutMs: 50 })).toEqual(later);
  const stuck = await startReceiver((_, response) => response.writeHead(200).write('o'));
  expect(await sendTo(stuck.url, { timeoutMs: 50 })).toEqual(later);
  const endless = await startReceiver((_, response) => {
    const more = () => response.write(Buffer.alloc(64 * 1024), () => !response.destroyed && more());
    response.writeHead(200);
    more();
  });
  expect(await sendTo(endless.url)).toEqual({ kind: 'taken' });
});

test('a receiver that dies, in the middle of a request or before it, is tried later', async () => {
  const { url, stop } = await startReceiver((request) => request.socket.destroy());
  expect(await sendTo(url)).toMatchObject({ kind: 'later', reason: expect.stringMatching(/closed the connection/) });
  stop();
  expect(await sendTo(url)).toMatchObject({ kind: 'later', reason: expect.stringMatching(/nothing listens there/) });
});

test('an abort ends it', async () => {
  const { url } = await startReceiver(() => {});
  const ending = new AbortController();
  const sending = sendWebhook({ url, timeoutMs: 60_000 }, message, ending.signal);
  ending.abort(new Error('stopping'));
  await expect(sending).rejects.toThrow('stopping');
});

test('the pause until the next attempt grows, and is no shorter than the receiver asks, within bounds', async () => {
  const { url } = await startReceiver((_, response) => response.writeHead(503, { 'retry-after': '600' }).end());
  const outcome = await sendTo(url);
  expect(outcome).toMatchObject({ kind: 'later', retryAfterMs: 600_000 });
  expect(pauseAfter(1, outcome.kind === 'later' ? outcome : {})).toBe(600_000);
  expect(pauseAfter(1, {})).toBeLessThanOrEqual(1_000);
  expect(pauseAfter(50, {})).toBeGreaterThanOrEqual(150_000);
  expect(pauseAfter(1, { retryAfterMs: 1e12 })).toBe(3_600_000);
});
