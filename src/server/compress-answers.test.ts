import { gunzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import type { Engine } from '../engine/engine.ts';
import { createServer } from './create-server.ts';

const server = await createServer({
  engine: { kind: 'embedded', version: '1', rows: async () => [] } as unknown as Engine,
  config: { host: '127.0.0.1', port: 0 },
  version: '1',
  consoleFolder: '/none',
});
afterAll(() => server.stop(0));

const long = '/api/openapi.json';
const ask = (url: string, accepted?: string) =>
  server.app.inject({ url, headers: accepted === undefined ? {} : { 'accept-encoding': accepted } });

it('compresses a long answer for who takes it, to the same content', async () => {
  const [plain, packed] = [await ask(long), await ask(long, 'br, gzip')];
  expect(plain.headers['content-encoding']).toBeUndefined();
  expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
  expect(Number(packed.headers['content-length'])).toBe(packed.rawPayload.length);
  expect(packed.rawPayload.length).toBeLessThan(plain.rawPayload.length / 2);
  expect(gunzipSync(packed.rawPayload).toString()).toBe(plain.body);
});

it.each([
  [long, 'identity'],
  [long, 'gzip;q=0'],
  ['/version', 'gzip'],
])('sends %s as it is for "%s"', async (url, accepted) => {
  const answer = await ask(url, accepted);
  expect(answer.headers['content-encoding']).toBeUndefined();
  expect(answer.statusCode).toBe(200);
});
