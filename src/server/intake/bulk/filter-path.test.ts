import { describe, expect, it } from 'vitest';
import { filterByPaths } from './filter-path.ts';

const answer = {
  took: 3,
  errors: true,
  items: [
    { index: { _index: 'a', status: 201 } },
    { create: { _index: 'b', status: 400, error: { type: 't', reason: 'r' } } },
  ],
};

describe('filterByPaths', () => {
  it.each<[string, string, unknown]>([
    [
      'Filebeat',
      'errors,items.*.error,items.*.status',
      {
        errors: true,
        items: [{ index: { status: 201 } }, { create: { status: 400, error: { type: 't', reason: 'r' } } }],
      },
    ],
    [
      'the Collector',
      'items.*.error,items.*.failure_store',
      {
        items: [{ create: { error: { type: 't', reason: 'r' } } }],
      },
    ],
    ['a part of a name', 'to*k,items.c*.s*', { took: 3, items: [{ create: { status: 400 } }] }],
    ['any depth', '**.reason', { items: [{ create: { error: { reason: 'r' } } }] }],
    ['dots that are no patterns', 'tooo', undefined],
    ['nothing', '', answer],
    ['exclusions only', '-items', answer],
    ['what is not there', 'none.*', undefined],
  ])('%s', (_name, filter, expected) => expect(filterByPaths(answer, filter)).toEqual(expected));
});
