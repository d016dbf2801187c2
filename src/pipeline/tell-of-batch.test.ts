import { afterAll, beforeAll, expect, test } from 'vitest';
import { ingestFiles } from './ingest-files.ts';
import { header, lines, ScratchStore } from './test-doubles/scratch-store.ts';

let scratch: ScratchStore;
const broken = 'no line of a log\n'.repeat(5);

beforeAll(async () => {
  scratch = await ScratchStore.open();
});

afterAll(() => scratch?.close());

test('one file whose lines do not fit is told of, however many good ones share its batch', async () => {
  const good = Array.from({ length: 4 }, (_, n) => scratch.file(`good-${n}.log`, header + lines(100)));
  const odd = scratch.file('odd.log', header + lines(2) + broken);
  const { rows, rejected, drifts } = await ingestFiles(scratch.store, [...good, odd]);
  expect({ rows, rejected }).toEqual({ rows: 402, rejected: 5 });
  expect(drifts).toEqual([
    expect.stringMatching(
      /^layout_drift: .*\/odd\.log: 5 of 7 lines do not fit the layout .*; most often: .*, 5 times$/,
    ),
  ]);
});

test('of many files that are alike the first are named, and how many there are', async () => {
  const odd = Array.from({ length: 8 }, (_, n) => scratch.file(`alike-${n}.log`, header + lines(2) + broken));
  const { drifts } = await ingestFiles(scratch.store, odd);
  expect(drifts).toHaveLength(5);
  expect(drifts.at(-1)).toMatch(/, 5 times; the same of 3 more objects$/);
});
