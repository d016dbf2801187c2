import { expect, test } from 'vitest';
import { divideBatch } from './divide-batch.ts';
import { type Prefix, parsePrefix } from './prefix.ts';

const batch = { batch: '7', requests: 9, logs: 0, rejects: 0, closedAtMs: 0, firstTime: null, lastTime: null };
const limits = { mostRows: 5_000_000, mostTogether: 50_000 };

test('small prefixes are read together in their order, large ones alone and in objects that S3 takes', async () => {
  const shares = [
    { value: 'large/', count: 12_000_000 },
    { value: 'b/', count: 30_000 },
    { value: 'd/', count: 20_000 },
    { value: 'a/', count: 10_000 },
    { value: 'ä/', count: 1 },
  ];
  const parts = [];
  for await (const part of divideBatch(batch, 'requests', parsePrefix('{host}/') as Prefix, limits, async () => shares))
    parts.push(part);
  expect(parts.map(({ reading, objects }) => [objects, reading.where?.params.prefixes, reading.count])).toEqual([
    [[{ name: 'large/7-1of3', rows: 4_000_000 }], ['large/'], 4_000_000],
    [[{ name: 'large/7-2of3', rows: 4_000_000 }], ['large/'], 4_000_000],
    [[{ name: 'large/7-3of3', rows: 4_000_000 }], ['large/'], 4_000_000],
    [
      [
        { name: 'a/7', rows: 10_000 },
        { name: 'b/7', rows: 30_000 },
      ],
      ...[['a/', 'b/'], 40_000],
    ],
    [
      [
        { name: 'd/7', rows: 20_000 },
        { name: 'ä/7', rows: 1 },
      ],
      ...[['d/', 'ä/'], 20_001],
    ],
  ]);
  expect(parts.slice(0, 3).map(({ reading }) => reading.where?.sql.slice(-19))).toEqual(
    [0, 1, 2].map((rest) => `line_number % 3 = ${rest}`),
  );
});
