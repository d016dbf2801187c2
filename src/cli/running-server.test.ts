import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { announceServer, askServer, findServer, withdrawServer } from './running-server.ts';

let directory: string;
let server: Server;
let url: string;
const asked: { url: string | undefined; authorization: IncomingHttpHeaders['authorization'] }[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-running-'));
  asked.length = 0;
  server = createServer(({ url, headers: { authorization } }, response) => {
    asked.push({ url, authorization });
    response.end('1\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(directory, { recursive: true });
});

it('tells where it is and its token to its own user alone, whatever lay there before', async () => {
  const file = join(directory, 'server.json');
  await writeFile(file, '{}');
  await chmod(file, 0o644);
  await announceServer(directory, { url, token: '0123456789abcdef' });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(directory)).toEqual(['server.json']);
  const found = await findServer(directory);
  expect(found).toEqual({ url, token: '0123456789abcdef' });
  for await (const _ of askServer(found ?? { url: '' }, { sql: 'SELECT 1', params: {}, format: 'tsv' }));
  expect(asked).toEqual([
    { url: '/healthz', authorization: undefined },
    { url: '/api/query', authorization: 'Bearer 0123456789abcdef' },
  ]);
  await withdrawServer(directory);
  expect(await findServer(directory)).toBeUndefined();
});

it('shows no token to a later process that has the pid of one that died', async () => {
  await announceServer(directory, { url, token: '0123456789abcdef' });
  const file = join(directory, 'server.json');
  const told = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify({ ...told, start: `${told.start}0` }));
  expect(await findServer(directory)).toBeUndefined();
  expect(asked).toEqual([]);
});
