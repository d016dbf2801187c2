import { PassThrough, Readable } from 'node:stream';
import { expect, test } from 'vitest';
import type { Delivery, Receipt, Sink } from '../source.ts';
import { createStdinSource } from './stdin-source.ts';

const receipt: Receipt = { known: false, lines: 0, rows: 0, rejected: 0, comments: 0 };

class RecordingSink implements Sink {
  readonly deliveries: Delivery[] = [];
  before: () => Promise<unknown> = () => Promise.resolve();

  async store(deliveries: readonly Delivery[]): Promise<readonly Receipt[]> {
    await this.before();
    this.deliveries.push(...deliveries);
    return deliveries.map(() => receipt);
  }
  async lastStored() {
    return new Map();
  }
  async settle() {}
  pressure() {
    return { waitingBytes: 0, full: false };
  }

  text(): string {
    return this.deliveries
      .flatMap(({ content }) => (content.kind === 'file' ? [] : content.chunks))
      .map((chunk) => Buffer.from(chunk).toString())
      .join('');
  }
}

const never = new AbortController().signal;

test('takes all lines until the input ends, the last without its newline too', async () => {
  const sink = new RecordingSink();
  const lines = Array.from({ length: 50_000 }, (_, n) => `line ${n} of many`).join('\n');
  const parts = Array.from({ length: 100 }, (_, n) =>
    lines.slice((n * lines.length) / 100, ((n + 1) * lines.length) / 100),
  );
  const source = createStdinSource({ pipeline: 'p', input: Readable.from(parts.map((part) => Buffer.from(part))) });
  await source.run(sink, never);
  expect(sink.text()).toBe(`${lines}\n`);
  for (const { content, origin } of sink.deliveries) {
    expect(origin).toBe('stdin');
    const last = content.kind === 'lines' ? content.chunks.at(-1) : undefined;
    expect(last?.at(-1)).toBe(10);
  }
  expect(new Set(sink.deliveries.map(({ version }) => version)).size).toBe(sink.deliveries.length);
  expect(source.status().state).toBe('stopped');
});

test('does not wait for more when lines are there, and keeps half a line until its end comes', async () => {
  const sink = new RecordingSink();
  const input = new PassThrough();
  const running = createStdinSource({ pipeline: 'p', input }).run(sink, never);
  input.write('one\ntw');
  await expect.poll(() => sink.text(), { timeout: 20_000 }).toBe('one\n');
  input.write('o\n');
  await expect.poll(() => sink.text(), { timeout: 20_000 }).toBe('one\ntwo\n');
  input.end();
  await running;
  expect(sink.text()).toBe('one\ntwo\n');
});

test('ends only when everything is stored', async () => {
  const sink = new RecordingSink();
  const opened = deferred();
  sink.before = () => opened.promise;
  let isOver = false;
  const source = createStdinSource({ pipeline: 'p', input: Readable.from([Buffer.from('a\n')]) });
  const running = source.run(sink, never).then(() => {
    isOver = true;
  });
  await expect.poll(() => source.status().parts[0]?.oldestUnacknowledgedMs, { timeout: 20_000 }).toBeDefined();
  expect(isOver).toBe(false);
  opened.resolve();
  await running;
  expect(sink.text()).toBe('a\n');
});

test('stops when told, and stores what it took', async () => {
  const sink = new RecordingSink();
  const input = new PassThrough();
  const stop = new AbortController();
  const running = createStdinSource({ pipeline: 'p', input }).run(sink, stop.signal);
  input.write('taken\nhalf');
  await expect.poll(() => sink.text(), { timeout: 20_000 }).toBe('taken\n');
  stop.abort();
  await running;
  expect(sink.text()).toBe('taken\nhalf\n');
});

test('a line of any length gets through', async () => {
  const sink = new RecordingSink();
  const long = 'x'.repeat(9 * 1024 * 1024);
  await createStdinSource({ pipeline: 'p', input: Readable.from([Buffer.from(`${long}\nend\n`)]) }).run(sink, never);
  expect(sink.text().replaceAll('\n', '')).toBe(`${long}end`);
});

function deferred() {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
