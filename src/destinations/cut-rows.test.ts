import { expect, test } from 'vitest';
import { cutRows, halve, type RowPart, selectRows } from './cut-rows.ts';

async function cut(pieces: readonly string[], mostBytes: number, mostRows?: number): Promise<RowPart[]> {
  const parts: RowPart[] = [];
  const bytes = (async function* () {
    for (const piece of pieces) yield Buffer.from(piece);
  })();
  for await (const part of cutRows(bytes, mostBytes, mostRows)) parts.push(part);
  return parts;
}

const texts = (parts: readonly RowPart[]) => parts.map(({ bytes }) => bytes.toString());

test.each([undefined, 1, 2, 3])(
  'parts are as large as they may be, with %s rows at most, at ends of lines, however the bytes come',
  async (mostRows) => {
    const lines = Array.from({ length: 60 }, (_, number) => `${'x'.repeat((number * 7) % 23)}${number}\n`);
    const text = lines.join('');
    const expected: string[] = [];
    const rowsOf = (part: string) => part.split('\n').length - 1;
    for (const line of lines) {
      const last = expected.at(-1) ?? '';
      const fits = last.length + line.length <= 20 && rowsOf(last) < (mostRows ?? 1000);
      if (expected.length > 0 && fits) expected[expected.length - 1] = last + line;
      else expected.push(line);
    }
    expect(Math.max(...expected.map(({ length }) => length))).toBeGreaterThan(20);
    for (const size of [1, 2, 3, 7, 19, 20, 21, 64, 10_000]) {
      const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
      const parts = await cut(pieces, 20, mostRows);
      expect(texts(parts)).toEqual(expected);
      expect(parts.map(({ rows }) => rows)).toEqual(expected.map(rowsOf));
    }
  },
);

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

test('some rows of a part keep its order', async () => {
  const [part] = await cut(['a\nb\nc\nd\n'], 100);
  const { bytes, rows } = selectRows(part as RowPart, new Set([3, 1]));
  expect([bytes.toString(), rows]).toEqual(['b\nd\n', 2]);
});
