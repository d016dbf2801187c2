import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { MemorySink } from '../../sources/test-doubles/memory-sink.ts';
import { runningHttpSource } from '../../sources/test-doubles/running-http-source.ts';
import { createServer, type ServerOptions, type TailraceServer } from '../create-server.ts';
import { routesOf } from '../test-doubles/routes-of.ts';

const token = 'token-of-senders-1';
const readToken = 'token-of-readers-1';
const operatorToken = 'token-of-operators-1';
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
const basic = (secret: string) => ({ authorization: `Basic ${btoa(`anybody:${secret}`)}` });

const servers: TailraceServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop(0);
});

async function create(config: Partial<ServerOptions['config']>): Promise<TailraceServer> {
  const server = await createServer({
    // An empty answer: a request that gets this far was admitted.
    engine: {
      kind: 'embedded',
      version: '1',
      rows: async () => [],
      async *ask() {},
    } as never,
    config: { host: '127.0.0.1', port: 0, ...config },
    version: '1',
    consoleFolder: '/none',
    intake: runningHttpSource(new MemorySink()),
  });
  servers.push(server);
  return server;
}

/** Listens on every address; called over the loopback one. */
async function listen(config: Partial<ServerOptions['config']>): Promise<{ server: TailraceServer; url: string }> {
  const server = await create(config);
  await server.listen();
  const { port } = server.app.server.address() as { port: number };
  return { server, url: `http://127.0.0.1:${port}` };
}

describe('on an address that others can reach', () => {
  it.each(['0.0.0.0', '::', '192.0.2.1', 'logs.example.com'])('nothing starts without a token: %s', async (host) => {
    for (const config of [{ host }, { host, readToken }]) {
      await expect(create(config)).rejects.toThrow(/^cannot listen on ".*": others can reach.*; add server\.token/);
    }
    await create({ host, token });
  });

  it('every address but those of health wants the token, also what does not exist', async () => {
    const { server, url } = await listen({ host: '0.0.0.0', token, operatorToken });
    const routes = routesOf(server.app.printRoutes({ commonPrefix: false }));
    expect(routes.length).toBeGreaterThan(30);
    const open: string[] = [];
    // What changes something has a token of its own, and reading files of the machine another one still.
    const ofOperators = ['/api/replay', '/api/alerts/replay', '/api/windows/{}/replay', '/api/silences'].map(
      (path) => `POST ${path}`,
    );
    const operatorsRoutes = [
      ...ofOperators,
      ...['DELETE /api/silences/{}', 'PUT /api/windows/{}', 'DELETE /api/windows/{}'],
    ];
    for (const route of [...routes, 'GET /nothing', 'POST /nothing', 'HEAD /api/range', 'GET /assets/x.js']) {
      const [method = '', path = ''] = route.split(' ');
      const address = `${url}${path.replaceAll('{}', 'x')}`;
      const send = (headers: Record<string, string>) =>
        fetch(address, { method, headers, ...(/P/.test(method) ? { body: '' } : {}) });
      const { status } = await send({});
      if (status !== 401) open.push(route);
      expect((await send(bearer(`${token}x`))).status, route).toBe(status);
      const isOwners = operatorsRoutes.includes(route) || route === 'POST /api/ingest';
      expect((await send(bearer(token))).status === 401, route).toBe(isOwners);
      expect((await send(basic(token))).status === 401, route).toBe(isOwners);
      const isOpen = status !== 401;
      expect((await send(bearer(operatorToken))).status !== 401, route).toBe(isOpen || operatorsRoutes.includes(route));
    }
    expect(open).toEqual(['GET /healthz', 'GET /livez', 'GET /readyz']);
  });

  it('a browser is told to ask for the password', async () => {
    const { url } = await listen({ host: '0.0.0.0', token });
    const answer = await fetch(url, { headers: { accept: 'text/html' } });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Basic realm="tailrace", charset="UTF-8"');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(await answer.json()).toMatchObject({ error: { code: 'TAILRACE_TOKEN_REFUSED' } });
  });

  it('only known hosts are answered for', async () => {
    const { server } = await listen({ host: '0.0.0.0', token, allowedHosts: ['logs.example.com'] });
    const ask = async (host: string) => {
      const [head] = await sendRaw(server, [`GET /healthz HTTP/1.1`, `Host: ${host}`]);
      return head;
    };
    for (const host of ['127.0.0.1', 'localhost:4280', 'logs.example.com', 'LOGS.example.com:443']) {
      expect(await ask(host), host).toMatch(/ 200 /);
    }
    for (const host of ['rebound.example', '192.0.2.1', 'logs.example.com.evil.example']) {
      expect(await ask(host), host).toMatch(/ 403 /);
    }
  });
});

describe('with two tokens', () => {
  it.each(['127.0.0.1', '0.0.0.0'])('senders cannot read and readers cannot send, on %s', async (host) => {
    const { url } = await listen({ host, token, readToken });
    const status = async (path: string, secret: string, init: RequestInit = {}) =>
      (await fetch(url + path, { ...init, headers: bearer(secret) })).status;
    const post = { method: 'POST', body: '{}' };
    expect(await status('/api/pipelines', readToken)).toBe(200);
    expect(await status('/api/pipelines', token)).toBe(401);
    expect(await status('/ingest/ndjson', token, post)).toBe(200);
    expect(await status('/ingest/ndjson', readToken, post)).toBe(401);
    // Shippers identify the server before they send; browsers request the console.
    expect(await status('/', token)).toBe(200);
    expect((await fetch(url, { headers: { ...bearer(token), accept: 'text/html' } })).status).toBe(401);
    expect((await fetch(url, { headers: { ...bearer(readToken), accept: 'text/html' } })).status).toBe(503);
  });
});

describe('on a loopback address', () => {
  it('everybody reads where there is no token for readers', async () => {
    const { url } = await listen({ token });
    expect((await fetch(`${url}/api/pipelines`)).status).toBe(200);
    expect((await fetch(`${url}/ingest/ndjson`, { method: 'POST', body: '{}' })).status).toBe(401);
  });
});

describe('wrong tokens', () => {
  it('are not looked at any more after some, except where the right one was shown', async () => {
    const { url, server } = await listen({ host: '0.0.0.0', token });
    const friend = connect((server.app.server.address() as { port: number }).port, '127.0.0.1');
    const askAsFriend = async (secret: string) => {
      friend.write(`GET /api/pipelines HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${secret}\r\n\r\n`);
      const [answer] = (await once(friend, 'data')) as [Buffer];
      return Number(answer.toString().split(' ')[1]);
    };
    expect(await askAsFriend(token)).toBe(200);
    const statuses = new Set<number>();
    for (let guess = 0; guess < 40; guess++) {
      statuses.add((await fetch(`${url}/api/pipelines`, { headers: bearer(`guess-number-${guess}`) })).status);
    }
    expect([...statuses]).toEqual([401, 429]);
    const right = await fetch(`${url}/api/pipelines`, { headers: bearer(token) });
    expect(right.status).toBe(429);
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect(await askAsFriend(token)).toBe(200);
    // Guesses on an authenticated connection count too.
    expect(await askAsFriend('guess-number-0')).toBe(401);
    expect(await askAsFriend(token)).toBe(429);
    friend.destroy();
  });
});

describe('pages of other sites', () => {
  const own = { host: '127.0.0.1:4280' };

  it.each<[string, string, Record<string, string>, boolean]>([
    ['a program', 'POST', {}, true],
    ['our page', 'POST', { origin: 'http://127.0.0.1:4280' }, true],
    [
      'our page, says the browser, behind a proxy',
      'POST',
      { 'sec-fetch-site': 'same-origin', origin: 'https://a.example' },
      true,
    ],
    ['typed into the address bar', 'GET', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }, true],
    ['a link', 'GET', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, true],
    ['a picture', 'GET', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, false],
    ['a page of a neighbour', 'GET', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }, false],
    [
      'a form',
      'POST',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', origin: 'http://evil.example' },
      false,
    ],
    ['an old browser', 'POST', { origin: 'http://evil.example' }, false],
    ['a file', 'POST', { origin: 'null' }, false],
    ['a script that asks first', 'OPTIONS', { origin: 'http://evil.example' }, false],
  ])('%s', async (_, method, headers, isAnswered) => {
    const { app } = await create({});
    for (const url of ['/api/pipelines', '/ingest/ndjson', '/']) {
      const { statusCode, body } = await app.inject({ method: method as 'GET', url, headers: { ...own, ...headers } });
      expect(statusCode === 403 && /pages of/.test(body), `${url}: ${body}`).toBe(!isAnswered);
    }
  });
});

describe('headers that decide something', () => {
  it.each([
    ['host', 'Host: localhost', 'Host: localhost'],
    ['host in two spellings', 'Host: localhost', 'hOST: evil.example'],
    ['authorization', `Authorization: Bearer ${token}`, `Authorization: Bearer ${token}`],
    ['content-length', 'Content-Length: 1', 'Content-Length: 1'],
    ['both lengths', 'Content-Length: 1', 'Transfer-Encoding: chunked'],
    ['content-type', 'Content-Type: application/json', 'Content-Type: text/plain'],
    ['origin', 'Origin: http://localhost', 'Origin: http://evil.example'],
    ['idempotency-key', 'Idempotency-Key: a', 'Idempotency-Key: b'],
    ['firehose', `X-Amz-Firehose-Access-Key: ${token}`, `X-Amz-Firehose-Access-Key: ${token}`],
  ])('are refused twice: %s', async (_, ...lines) => {
    const { server } = await listen({});
    const lacks = (name: string) => !lines.some((line) => line.toLowerCase().startsWith(name));
    const rest = [
      ...(lacks('host') ? ['Host: localhost'] : []),
      ...(lacks('content-length') ? ['Content-Length: 1'] : []),
    ];
    for (const path of ['/api/query', '/ingest/ndjson', '/ingest/firehose', '/v1/logs']) {
      const [head, answer] = await sendRaw(server, [`POST ${path} HTTP/1.1`, ...rest, ...lines], '1');
      expect(head, path).toMatch(/^HTTP\/1\.1 400 /);
      // Duplicate lengths are refused by Node's own parser.
      if (lacks('content-length')) expect(answer, path).toContain(' twice');
    }
  });
});

/** @returns status line and the rest of the answer */
async function sendRaw(server: TailraceServer, lines: readonly string[], body = ''): Promise<[string, string]> {
  const socket = connect((server.app.server.address() as { port: number }).port, '127.0.0.1');
  socket.write(`${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`);
  let text = '';
  for await (const data of socket) text += data;
  const end = text.indexOf('\r\n');
  return [text.slice(0, end), text.slice(end)];
}
