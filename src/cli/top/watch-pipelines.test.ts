import { EventEmitter, once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { watchPipelines } from './watch-pipelines.ts';

const csi = '\u001b';

/** A terminal that records its output. */
class FakeTerminal extends EventEmitter {
  readonly isTTY = true;
  columns = 100;
  rows = 20;
  isRaw = false;
  sent = '';

  write(text: string): void {
    this.sent += text;
  }
  setRawMode(isRaw: boolean): void {
    this.isRaw = isRaw;
  }
  resume(): void {}
  pause(): void {}

  press(key: string): void {
    this.emit('data', Buffer.from(key));
  }
  /** The visible text: the last frame. */
  get picture(): string {
    return this.sent.slice(this.sent.lastIndexOf('\u001b[H'));
  }
}

const pipeline = {
  name: 'edge',
  source: 'kinesis',
  state: 'running',
  problem: null,
  isHeldBack: false,
  linesPerSecond: 5,
  lagMs: 10,
  oldestUnacknowledgedMs: null,
  waitingBytes: 0,
  retries: 0,
  counts: { rejected: 0 },
  parts: [{ name: 'shardId-7', lagMs: 10, oldestUnacknowledgedMs: null, waiting: null }],
};

let server: Server;
let status = 200;
let asked = 0;
let terminal: FakeTerminal;

beforeEach(async () => {
  status = 200;
  asked = 0;
  terminal = new FakeTerminal();
  server = createServer((request, response) => {
    asked++;
    const pipelines = [{ ...pipeline, linesPerSecond: asked * 1000 }];
    response.statusCode = request.url === '/api/pipelines' ? status : 404;
    response.end(
      status === 200
        ? JSON.stringify({
            since: '2026-11-20 12:00:00.000',
            pipelines,
            destinations: [],
            lake: null,
            alerts: null,
            events: [],
          })
        : 'no',
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function watch(url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`): Promise<void> {
  const shown = { store: '/data', intervalMs: 20, hasColor: false, input: terminal, output: terminal };
  return watchPipelines({ server: { url }, ...shown });
}

it('draws in place until q, and leaves the terminal as it was', async () => {
  const ended = watch();
  await until(() => asked > 5 && terminal.picture.includes('▇'));
  expect(terminal.isRaw).toBe(true);
  expect(terminal.picture).toContain('shardId-7');
  // Never an empty screen in between.
  expect(terminal.sent).not.toContain('\u001b[2J');
  terminal.press('q');
  await ended;
  expect(terminal.isRaw).toBe(false);
  expect(terminal.sent.startsWith(`${csi}[?1049h`)).toBe(true);
  expect(terminal.sent.endsWith(`${csi}[?25h${csi}[?1049l`)).toBe(true);
  expect(terminal.eventNames()).toEqual([]);
  expect(process.listenerCount('SIGTERM')).toBe(0);
});

it('hides and shows parts with p, and draws anew when the window changes', async () => {
  const ended = watch();
  await until(() => terminal.picture.includes('shardId-7'));
  terminal.press('p');
  expect(terminal.picture).not.toContain('shardId-7');
  terminal.press('p');
  expect(terminal.picture).toContain('shardId-7');
  terminal.rows = 3;
  terminal.emit('resize');
  expect(terminal.picture.split('\r\n')).toHaveLength(3);
  terminal.press('\u0003');
  await ended;
});

it('keeps what it knows while the server fails, and goes on when it is back', async () => {
  const ended = watch();
  await until(() => terminal.picture.includes('running'));
  status = 503;
  await until(() => terminal.picture.includes('it answered 503'));
  expect(terminal.picture).toContain('running');
  status = 200;
  await until(() => !terminal.picture.includes('it answered 503'));
  terminal.press('q');
  await ended;
});

it('waits for a server that is not there', async () => {
  const ended = watch('http://127.0.0.1:1');
  await until(() => /does not answer.*tailrace up/.test(terminal.picture));
  terminal.press('q');
  await ended;
});

it.each(['SIGTERM', 'SIGHUP'] as const)('ends on %s', async (signal) => {
  const ended = watch();
  await until(() => asked > 0);
  process.emit(signal);
  await ended;
  expect(terminal.sent.endsWith(`${csi}[?1049l`)).toBe(true);
});

async function until(isSo: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt++) {
    if (isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`it did not happen; seen: ${terminal.picture}`);
}
