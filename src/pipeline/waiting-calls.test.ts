import { expect, test } from 'vitest';
import { type Call, openCall } from './sink-call.ts';
import type { TakenDelivery } from './take-delivery.ts';
import { maxBatchBytes, maxBatchDeliveries, WaitingCalls } from './waiting-calls.ts';

const mebibyte = 1024 ** 2;
const known = new Set(['lines']);
const idle = { committing: 0, shared: [], known };
const oneOfLines = { ...idle, shared: ['lines'] };
const twoOfLines = { ...idle, shared: ['lines', 'lines'] };

function lines(bytes = 100, commit?: () => Promise<void>): Call {
  const delivery = { origin: 'o', version: '1', content: { kind: 'lines', chunks: [] } } as const;
  return openCall([delivery], bytes, commit ? { commit } : {});
}

function file(bytes: number, refused = ''): Call {
  const inspected = { path: '/f', bytes, modifiedMs: 0, version: '1', content: 'plain', complete: true } as const;
  const delivery: TakenDelivery = {
    origin: '/f',
    version: '1',
    content: { kind: 'user-file', path: '/f' },
    file: { file: { ...inspected, statedBytes: bytes }, layout: { refused }, fromLine: 0, isUnusual: false },
  };
  return openCall([delivery], bytes, {});
}

function waiting(...calls: readonly Call[]): WaitingCalls {
  const all = new WaitingCalls();
  for (const call of calls) all.add(call);
  return all;
}

test('a batch takes what is alike in the order of arrival: lines, small files or large files of one layout', () => {
  const [small, large, other, larger] = [file(100), file(2 * mebibyte), lines(), file(3 * mebibyte)];
  const [smaller, unlike] = [file(10), file(100, 'of another layout')];
  const calls = waiting(small, large, other, larger, smaller, unlike);
  expect(calls.takeBatch(idle)).toEqual([small, smaller]);
  expect(calls.takeBatch(idle)).toEqual([large, larger]);
  expect(calls.takeBatch(idle)).toEqual([other]);
  expect(calls.takeBatch(idle)).toEqual([unlike]);
  expect(calls.takeBatch(idle)).toEqual([]);
});

test('a batch has its limits in real bytes, and one call above them passes alone', () => {
  const huge = file(10 * maxBatchBytes.large);
  const [one, other] = [file(0.6 * maxBatchBytes.large), file(0.6 * maxBatchBytes.large)];
  const large = waiting(huge, one, other);
  expect([idle, idle, idle].map((now) => large.takeBatch(now))).toEqual([[huge], [one], [other]]);
  const small = waiting(...Array.from({ length: 40 }, () => file(mebibyte - 1)));
  expect(small.takeBatch(idle)).toHaveLength(32);
  const tiny = waiting(...Array.from({ length: maxBatchDeliveries + 1 }, () => file(1)));
  expect(tiny.takeBatch(idle)).toHaveLength(maxBatchDeliveries);
});

test('two batches of large files are never stored at once, and what is behind them waits its turn', () => {
  const [large, small] = [file(2 * mebibyte), file(mebibyte - 1)];
  const calls = waiting(large, ...Array.from({ length: 20 }, () => small));
  expect(calls.takeBatch(oneOfLines)).toEqual([]);
  expect(calls.takeBatch(idle)).toEqual([large]);
  expect(calls.takeBatch(oneOfLines)).toHaveLength(20);
});

test('a second batch starts when one of its kind was stored before and it is worth its fixed cost, and no third one', () => {
  const calls = waiting(lines(), lines());
  expect(calls.takeBatch(oneOfLines)).toEqual([]);
  for (let count = 0; count < maxBatchDeliveries / 8; count++) calls.add(lines());
  expect(calls.takeBatch(twoOfLines)).toEqual([]);
  expect(calls.takeBatch({ ...oneOfLines, known: new Set() })).toEqual([]);
  expect(calls.takeBatch(oneOfLines)).toHaveLength(2 + maxBatchDeliveries / 8);
});

test('a call that commits has a batch of its own, also beside others', () => {
  const [committing, shared] = [lines(100, async () => {}), lines()];
  const calls = waiting(shared, committing);
  expect(calls.takeBatch({ ...twoOfLines, committing: 3 })).toEqual([committing]);
  calls.add(committing);
  expect(calls.takeBatch({ ...twoOfLines, committing: 4 })).toEqual([]);
  expect(calls.takeBatch({ ...idle, committing: 4 })).toEqual([shared]);
});
