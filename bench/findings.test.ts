import { expect, test } from 'vitest';
import { type Finding, formatFindings, halved, isMet } from './findings.ts';

const faster: Finding = { name: 'against a peer', value: 4.9, unit: '×', target: { atLeast: 5 }, from: 'a over b' };
const machine = {
  processor: 'Some CPU',
  processors: 2,
  memoryBytes: 8 * 2 ** 30,
  system: 'Linux 6',
  node: 'v20.19.0',
  commit: 'abc',
  date: '2026-11-21T00:00:00.000Z',
  load: 0.5,
};

test('a promise is kept at its limit and broken beside it', () => {
  expect(isMet(faster)).toBe(false);
  expect(isMet({ ...faster, value: 5 })).toBe(true);
  expect(isMet({ ...faster, target: { atMost: 4.9 } })).toBe(true);
  expect(isMet({ ...faster, target: { atMost: 4.8 } })).toBe(false);
});

test('half of a promise is judged by CPU time where there is such a figure', () => {
  expect(isMet(halved(faster))).toBe(true);
  expect(isMet(halved({ ...faster, cpu: 2.4 }))).toBe(false);
  expect(isMet(halved({ ...faster, value: 0, cpu: 2.5 }))).toBe(true);
  expect(isMet(halved({ ...faster, target: { atMost: 2.4 } }))).toBe(false);
  expect(isMet(halved({ ...faster, target: { atMost: 2.5 } }))).toBe(true);
});

test('the table names the machine, the value, the promise and the verdict', () => {
  const table = formatFindings(machine, 1_000_000, [
    faster,
    { name: 'speed', value: 1234.5, unit: 'rows/s', from: 'c', cpu: 4321.6 },
  ]);
  expect(table).toContain('1,000,000 rows, 2026-11-21T00:00:00.000Z, commit abc, 2 × Some CPU, 8 GB');
  expect(table).toContain('| against a peer | 4.90 × | ≥ 5 × | **no** |  | a over b |');
  expect(table).toContain('| speed | 1,235 rows/s |  |  | 4,322 rows/s | c |');
});
