import { expect, test } from 'vitest';
import { cutRows, halve, type RowPart } from './cut-rows.ts';

async function cut(pieces: readonly string[], mostBytes: number): Promise<RowPart[]> {
  const parts: RowPart[] = [];
  const bytes = (async function* () {
    for (const piece of pieces) yield Buffer.from(piece);
  })();
  for await (const part of cutRows(bytes, mostBytes)) parts.push(part);
  return parts;
}

const texts = (parts: readonly RowPart[]) => parts.map(({ bytes }) => bytes.toString());

test('parts are as large as they may be, at ends of lines, however the bytes come', async () => {
  const lines = Array.from({ length: 60 }, (_, number) => `${'x'.repeat((number * 7) % 23)}${number}\n`);
  const text = lines.join('');
  const expected: string[] = [];
  for (const line of lines) {
    const last = expected.at(-1) ?? '';
    if (expected.length > 0 && last.length + line.length <= 20) expected[expected.length - 1] = last + line;
    else expected.push(line);
  }
  expect(Math.max(...expected.map(({ length }) => length))).toBeGreaterThan(20);
  for (const size of [1, 2, 3, 7, 19, 20, 21, 64, 10_000]) {
    const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
    const parts = await cut(pieces, 20);
    expect(texts(parts)).toEqual(expected);
    expect(parts.map(({ rows }) => rows)).toEqual(expected.map((part) => part.split('\n').length - 1));
  }
});

test('nothing gives no part', async () => {
  expect(await cut([], 10)).toEqual([]);
});

test('a part is halved by its rows', async () => {
  const [part] = await cut(['a\nb\nc\n'], 100);
  const halves = halve(part as RowPart);
  expect([texts(halves), halves.map(({ rows }) => rows)]).toEqual([
    ['a\n', 'b\nc\n'],
    [1, 2],
  ]);
});
