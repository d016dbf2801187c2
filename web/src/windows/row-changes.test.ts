import { expect, test } from 'vitest';
import type { LiveWindow } from './live-window.ts';
import { rowChanges } from './row-changes.ts';
import type { ResultRow } from './windows-source.ts';

const columns = [
  { name: 'viewer', type: 'LowCardinality(String)' },
  { name: 'requests', type: 'UInt64' },
];

function corrected(rows: readonly ResultRow[], before?: readonly ResultRow[]): LiveWindow {
  const emission = { sequence: 2, version: '1', startMs: 0, endMs: 1000, key: [], correction: 1, rows };
  return { ...emission, id: '0', replaced: before && { ...emission, sequence: 1, correction: 0, rows: before } };
}

test('rows with the same labels are compared, those that came or went are told', () => {
  const changes = rowChanges(
    corrected(
      [
        { viewer: 'a', requests: '5' },
        { viewer: 'c', requests: '1' },
      ],
      [
        { viewer: 'a', requests: '4' },
        { viewer: 'b', requests: '2' },
      ],
    ),
    columns,
  );
  expect(changes).toEqual([
    { row: { viewer: 'a', requests: '5' }, before: { viewer: 'a', requests: '4' } },
    { row: { viewer: 'c', requests: '1' }, change: 'new' },
    { row: { viewer: 'b', requests: '2' }, change: 'gone' },
  ]);
});

test('rows whose labels are equal are compared in their order', () => {
  const changes = rowChanges(corrected([{ requests: '3' }, { requests: '9' }], [{ requests: '2' }]), columns.slice(1));
  expect(changes).toEqual([
    { row: { requests: '3' }, before: { requests: '2' } },
    { row: { requests: '9' }, change: 'new' },
  ]);
});

test('nothing is told of what is not known', () => {
  expect(rowChanges(corrected([{ viewer: 'a', requests: '5' }]), columns)).toEqual([
    { row: { viewer: 'a', requests: '5' } },
  ]);
});
