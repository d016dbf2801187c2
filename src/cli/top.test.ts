import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { Arguments } from './command.ts';
import { topCommand } from './top.ts';

const answer = {
  since: '2026-11-20 12:00:00.000',
  pipelines: [],
  destinations: [],
  lake: null,
  alerts: null,
  events: [],
};
let server: Server;
let url: string;
let printed: string;
/** The token that the server asks for. */
let wanted: string | undefined;

beforeAll(async () => {
  server = createServer(({ headers }, response) => {
    response.statusCode = wanted === undefined || headers.authorization === `Bearer ${wanted}` ? 200 : 401;
    response.end(response.statusCode === 200 ? JSON.stringify(answer) : '{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

beforeEach(() => {
  printed = '';
  wanted = undefined;
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

function run(values: Arguments['values'], ...positionals: string[]): Promise<number> {
  return topCommand.run({ values, positionals });
}

it('prints once where nobody looks', async () => {
  expect(await run({ url, once: true })).toBe(0);
  expect(printed).toContain(`tailrace  ${url}\n0 lines/s  0 pipelines`);
  expect(printed).not.toContain('\u001b');
});

it('prints the answer as JSON', async () => {
  await run({ url, json: true });
  expect(JSON.parse(printed)).toEqual(answer);
});

it('shows the token of the server that was named, and says so when it is missing', async () => {
  wanted = '0123456789abcdef';
  await expect(run({ url, json: true })).rejects.toThrow(/it wants its token; set TAILRACE_TOKEN/);
  vi.stubEnv('TAILRACE_TOKEN', wanted);
  await run({ url, json: true });
  expect(JSON.parse(printed)).toEqual(answer);
});

it.each([
  [{ url: 'localhost:4280' }, /--url wants an address/],
  [{ interval: '1' }, /--interval: it has no unit/],
  [{ interval: '10ms' }, /100ms or more/],
])('refuses %j', (values, problem) => expect(run(values)).rejects.toThrow(problem));

it('refuses words', () => expect(run({}, 'edge')).rejects.toThrow(/takes no words/));

it('says what to do where no server is', async () => {
  await expect(run({ store: '/no/such/store', once: true })).rejects.toThrow(
    /no server serves it; start "tailrace up"/,
  );
  await expect(run({ url: 'http://127.0.0.1:1', once: true })).rejects.toThrow(/does not answer; start "tailrace up"/);
});
