import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { maxLineBytes } from '../../schema/line-bound.ts';
import { MemorySink } from '../test-doubles/memory-sink.ts';
import { createStdinSource } from './stdin-source.ts';

const textIn = (sink: MemorySink) => sink.stored.map(({ text }) => text).join('');
const never = new AbortController().signal;

test('takes all lines until the input ends, the last without its newline too', async () => {
  const sink = new MemorySink();
  const lines = Array.from({ length: 50_000 }, (_, n) => `line ${n} of many`).join('\n');
  const parts = Array.from({ length: 100 }, (_, n) =>
    lines.slice((n * lines.length) / 100, ((n + 1) * lines.length) / 100),
  );
  const source = createStdinSource({ pipeline: 'p', input: Readable.from(parts.map((part) => Buffer.from(part))) });
  await source.run(sink, never);
  expect(textIn(sink)).toBe(`${lines}\n`);
  for (const { content, origin } of sink.stored) {
    expect(origin).toBe('stdin');
    const last = content.kind === 'lines' ? content.chunks.at(-1) : undefined;
    expect(last?.at(-1)).toBe(10);
  }
  expect(new Set(sink.stored.map(({ version }) => version)).size).toBe(sink.stored.length);
  expect(source.status().state).toBe('stopped');
});

test('does not wait for more when lines are there, and keeps half a line until its end comes', async () => {
  const sink = new MemorySink();
  const input = new PassThrough();
  const running = createStdinSource({ pipeline: 'p', input }).run(sink, never);
  input.write('one\ntw');
  await expect.poll(() => textIn(sink)).toBe('one\n');
  input.write('o\n');
  await expect.poll(() => textIn(sink)).toBe('one\ntwo\n');
  input.end();
  await running;
  expect(textIn(sink)).toBe('one\ntwo\n');
});

test.each<[string, Buffer]>([
  ['gzip of gzip', gzipSync(gzipSync('one\ntwo\n'))],
  ['UTF-16', Buffer.from('\uFEFFone\ntwo', 'utf16le')],
  ['carriage returns', Buffer.from('one\rtwo\r')],
])('reads %s, in any pieces', async (_, bytes) => {
  for (const size of [1, 3, 1000]) {
    if (size < 5 && bytes.includes('\r')) continue; // Told by the first piece.
    const sink = new MemorySink();
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
      bytes.subarray(n * size, (n + 1) * size),
    );
    await createStdinSource({ pipeline: 'p', input: Readable.from(pieces) }).run(sink, never);
    expect(textIn(sink)).toBe('one\ntwo\n');
  }
});

test('ends only when everything is stored', async () => {
  const sink = new MemorySink();
  const open = sink.hold();
  let isOver = false;
  const source = createStdinSource({ pipeline: 'p', input: Readable.from([Buffer.from('a\n')]) });
  const running = source.run(sink, never).then(() => {
    isOver = true;
  });
  await expect.poll(() => source.status().parts[0]?.oldestUnacknowledgedMs).toBeDefined();
  expect(isOver).toBe(false);
  open();
  await running;
  expect(textIn(sink)).toBe('a\n');
});

test('stops when told, and stores what it took', async () => {
  const sink = new MemorySink();
  const input = new PassThrough();
  const stop = new AbortController();
  const running = createStdinSource({ pipeline: 'p', input }).run(sink, stop.signal);
  input.write('taken\nhalf');
  await expect.poll(() => textIn(sink)).toBe('taken\n');
  stop.abort();
  await running;
  expect(textIn(sink)).toBe('taken\nhalf\n');
});

test.each([1000, 65_536, 20_000_000])(
  'of a line that is too long so much gets through as tells that it is, in pieces of %i',
  async (size) => {
    const sink = new MemorySink();
    const text = Buffer.from(`begin\n${'x'.repeat(9 * 1024 * 1024)}\nend\n`);
    const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
      text.subarray(at * size, (at + 1) * size),
    );
    await createStdinSource({ pipeline: 'p', input: Readable.from(pieces) }).run(sink, never);
    expect(textIn(sink)).toBe(`begin\n${'x'.repeat(maxLineBytes + 1)}\nend\n`);
  },
);
