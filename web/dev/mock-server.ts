import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { StoreRange } from '../src/data/report-answer.ts';
import { toSqlTime } from '../src/view/time-range.ts';
import { makeAnswer } from './mock-reports.ts';
import { firstMs, lastMs } from './mock-traffic.ts';

export interface MockServer {
  /** With a slash at its end. */
  readonly address: string;
  /** Reports that answer with an error until they are taken out. */
  readonly failing: Set<string>;
  close(): Promise<void>;
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

export const mockRange: StoreRange = {
  firstTime: toSqlTime(firstMs),
  lastTime: toSqlTime(lastMs),
  rows: 284_119_533,
  rejected: 17,
  distributions: ['E2K1PWXYZ9ABCD', 'EDFDVBD6EXAMPLE'],
  hosts: ['www.example.com', 'static.example.com', 'd111111abcdef8.cloudfront.net'],
};

/** The built console over made-up data, with the strictest security policy that the real server may set. */
export async function startMockServer(webFolder: string, port = 0): Promise<MockServer> {
  const failing = new Set<string>();
  const server = createServer((request, response) => {
    answer(request, response, webFolder, failing).catch((error: unknown) => {
      sendJson(response, 500, { error: { code: 'internal', message: String(error) } });
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    failing,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  webFolder: string,
  failing: ReadonlySet<string>,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (url.pathname === '/api/range') return sendJson(response, 200, mockRange);
  if (url.pathname === '/api/query') return answerQuery(request, response);
  const report = /^\/api\/reports\/([\w-]+)$/.exec(url.pathname)?.[1];
  if (report) return answerReport(report, url.searchParams, response, failing);
  await sendFile(response, webFolder, url.pathname);
}

function answerReport(
  name: string,
  query: URLSearchParams,
  response: ServerResponse,
  failing: ReadonlySet<string>,
): void {
  if (failing.has(name)) {
    const message = `cannot answer report "${name}": memory limit of the query reached`;
    sendJson(response, 422, { error: { code: 'limit', message, remedy: 'Choose a shorter range.' } });
    return;
  }
  const parameters = {
    from: query.get('from') ?? '',
    to: query.get('to') ?? '',
    step: Number(query.get('step')),
    limit: Number(query.get('limit')),
    distribution: query.get('distribution') ?? '',
    host: query.get('host') ?? '',
  };
  const missing = { error: { code: 'not_found', message: `cannot find report "${name}"` } };
  const found = makeAnswer(name, parameters);
  sendJson(response, found ? 200 : 404, found ?? missing);
}

async function answerQuery(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { sql } = JSON.parse(Buffer.concat(chunks).toString()) as { sql: string };
  if (!/^\s*(select|with)/i.test(sql)) {
    const message = 'cannot run statement "INSERT": only questions are allowed here';
    return sendJson(response, 400, { error: { code: 'refused', message, remedy: 'Start with SELECT.' } });
  }
  sendJson(response, 200, {
    meta: [
      { name: 'path', type: 'String' },
      { name: 'requests', type: 'UInt64' },
    ],
    data: [
      { path: '/', requests: '18446744073709551615' },
      { path: '/robots.txt', requests: '42' },
    ],
    rows: 2,
  });
}

async function sendFile(response: ServerResponse, folder: string, path: string): Promise<void> {
  const file = join(folder, normalize(path === '/' ? '/index.html' : path));
  const content = await readFile(file).catch(() => null);
  if (!content) return sendJson(response, 404, { error: { code: 'not_found', message: `cannot find "${path}"` } });
  response.writeHead(200, {
    'content-type': mediaTypes[extname(file)] ?? 'application/octet-stream',
    'content-security-policy': "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  });
  response.end(content);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
