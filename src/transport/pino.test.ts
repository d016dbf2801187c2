import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { patienceMs } from '../../test/patience.ts';
import type { PinoTransportOptions } from './pino.ts';

const patience = { timeout: patienceMs, interval: 50 };

/** An intake that stores each idempotency key once, like tailrace. */
class RecordingServer {
  readonly requests: { readonly url: string; readonly headers: IncomingMessage['headers'] }[] = [];
  readonly #bodies = new Map<string, string>();
  #server: Server | undefined;
  port = 0;
  /** Answers in place of the intake when it returns true; `store` stores the request nevertheless. */
  instead: (response: ServerResponse, store: () => void) => boolean = () => false;

  async listen(): Promise<void> {
    this.#server = createServer(async (request, response) => {
      this.requests.push({ url: request.url ?? '', headers: request.headers });
      const chunks = await request.toArray();
      const key = String(request.headers['idempotency-key']);
      const store = () => this.#bodies.set(key, gunzipSync(Buffer.concat(chunks)).toString());
      if (this.instead(response, store)) return;
      store();
      response.end('{}');
    });
    this.#server.listen(this.port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.port = (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const server = this.#server;
    if (!server?.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The numbers that were logged, as they were stored. */
  numbers(): number[] {
    const lines = [...this.#bodies.values()].flatMap((body) => body.trimEnd().split('\n'));
    return lines.map((line) => (JSON.parse(line) as { n: number }).n).sort((one, other) => one - other);
  }
}

const root = resolve(import.meta.dirname, '../..');
/** The transport as programs load it, in a folder from which its imports resolve. */
let compiled: string;
let server: RecordingServer;
let folder: string;
let children: ChildProcess[];

beforeAll(() => {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  compiled = mkdtempSync(join(cache, 'tailrace-pino-'));
  writeFileSync(join(compiled, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(compiled, 'tsconfig.json'),
    JSON.stringify({
      extends: join(root, 'tsconfig.json'),
      compilerOptions: {
        noEmit: false,
        outDir: '.',
        rootDir: import.meta.dirname,
        typeRoots: [join(root, 'node_modules/@types')],
      },
      include: [],
      files: [join(import.meta.dirname, 'pino.ts')],
    }),
  );
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', compiled], { stdio: 'inherit' });
});

afterAll(() => rmSync(compiled, { recursive: true, force: true }));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tailrace-pino-'));
  server = new RecordingServer();
  children = [];
  await server.listen();
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a program that logs; `log` is its logger. @returns its exit status and output */
async function run(program: string, options: Partial<PinoTransportOptions> = {}) {
  const transport = {
    target: join(compiled, 'pino.js'),
    options: { url: server.url, spillDirectory: folder, ...options },
  };
  const script = `
    import pino from 'pino';
    const log = pino(pino.transport(${JSON.stringify(transport)}));
    ${program}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  children.push(child);
  let errors = '';
  child.stderr.on('data', (text: Buffer) => {
    errors += text.toString();
  });
  child.stdout.resume();
  const startedMs = performance.now();
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, errors, tookMs: performance.now() - startedMs };
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}

function logNumbers(from: number, until: number): string {
  return `for (let n = ${from}; n < ${until}; n++) log.info({ n }, 'a line of some length');`;
}

function spilled(): string[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.gz'));
}

test('every line arrives once though the program exits at once', async () => {
  const { code, errors } = await run(`${logNumbers(0, 10_000)} process.exit(3);`, {
    token: 'secret',
    service: 'shop & co',
    group: 'g',
  });
  expect({ code, errors }).toEqual({ code: 3, errors: '' });
  expect(server.numbers()).toEqual(upTo(10_000));
  const [request] = server.requests;
  expect(request?.url).toBe('/ingest/ndjson?service=shop+%26+co&group=g');
  expect(request?.headers).toMatchObject({
    authorization: 'Bearer secret',
    'content-type': 'application/x-ndjson',
    'content-encoding': 'gzip',
    'idempotency-key': expect.stringMatching(/^[\x21\x23-\x7e]{1,256}$/),
  });
  expect(spilled()).toEqual([]);
});

test('lines do not wait for the end of the program', async () => {
  const ended = run(`${logNumbers(0, 3)} await new Promise((resolve) => setTimeout(resolve, 20_000));`);
  await expect.poll(() => server.numbers(), patience).toEqual(upTo(3));
  children[0]?.kill('SIGKILL');
  await ended;
});

test('what the server refuses for a while arrives when it takes it again', async () => {
  let refusals = 0;
  const askedAtMs: number[] = [];
  server.instead = (response) => {
    askedAtMs.push(performance.now());
    if (refusals++ > 1) return false;
    response.writeHead(503, { 'retry-after': '1' }).end();
    return true;
  };
  await run(`${logNumbers(0, 100)} await new Promise((resolve) => setTimeout(resolve, 6000));`);
  expect(server.numbers()).toEqual(upTo(100));
  // Not before the Retry-After of the server.
  expect((askedAtMs[1] ?? 0) - (askedAtMs[0] ?? 0)).toBeGreaterThanOrEqual(950);
  const keys = new Set(server.requests.map(({ headers }) => headers['idempotency-key']));
  expect([server.requests.length, keys.size]).toEqual([3, 1]);
});

test('lines outlive a server that is away, and answers that get lost, each once', async () => {
  await server.close();
  const ended = run(`
    ${logNumbers(0, 500)}
    await new Promise((resolve) => setTimeout(resolve, 3000));
    ${logNumbers(500, 1000)}
    await new Promise((resolve) => setTimeout(resolve, 6000));`);
  await pause(2000);
  await server.listen();
  let answers = 0;
  server.instead = (response, store) => {
    if (answers++ > 0) return false;
    store();
    response.destroy();
    return true;
  };
  const { errors } = await ended;
  expect(server.numbers()).toEqual(upTo(1000));
  expect(errors).toMatch(/^tailrace\/pino: cannot send logs to "http:.*they wait and are sent again\n$/);
});

test('when the server is never there, the program ends all the same, and the next one sends what is left', async () => {
  await server.close();
  const { code, tookMs } = await run(`${logNumbers(0, 1000)} process.exit(0);`, { exitMs: 1500 });
  expect(code).toBe(0);
  expect(tookMs).toBeLessThan(30_000);
  expect(spilled().length).toBeGreaterThan(0);
  await server.listen();
  await run(`${logNumbers(1000, 1001)} process.exit(0);`);
  expect(server.numbers()).toEqual(upTo(1001));
  expect(spilled()).toEqual([]);
});

test('memory is bounded: what finds no room waits in the folder', async () => {
  await server.close();
  const bounds = { maxBufferBytes: 1, batchBytes: 10_000, exitMs: 500 };
  await run(`${logNumbers(0, 5000)} await new Promise((resolve) => setTimeout(resolve, 1500));`, bounds);
  expect(spilled().length).toBeGreaterThan(20);
  await server.listen();
  await run('await new Promise((resolve) => setTimeout(resolve, 3000));');
  expect(server.numbers()).toEqual(upTo(5000));
});

test('what the server will never take is kept aside, and does not hold up the rest', async () => {
  let isFirst = true;
  server.instead = (response) => {
    if (!isFirst) return false;
    isFirst = false;
    response.writeHead(413).end();
    return true;
  };
  const { errors } = await run(`
    ${logNumbers(0, 1)}
    await new Promise((resolve) => setTimeout(resolve, 2000));
    ${logNumbers(1, 2)}
    process.exit(0);`);
  expect(server.numbers()).toEqual([1]);
  expect(errors).toContain('status 413; they are kept in "');
  expect(spilled()).toEqual([expect.stringContaining('refused-')]);
  await run('process.exit(0);');
  expect(server.numbers()).toEqual([1]);
});

test('an address that is none is told', async () => {
  const { errors } = await run('await new Promise((resolve) => setTimeout(resolve, 5000));', { url: 'localhost:4280' });
  expect(errors).toContain('cannot send logs: options.url is no address; write one like http://127.0.0.1:4280');
});
