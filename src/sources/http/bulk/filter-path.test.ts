import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxFilterLength, PathFilter } from './filter-path.ts';

const filterByPaths = (value: unknown, filter: string) => new PathFilter(filter).apply(value);

const answer = {
  took: 3,
  errors: true,
  items: [
    { index: { _index: 'a', status: 201 } },
    { create: { _index: 'b', status: 400, error: { type: 't', reason: 'r' } } },
  ],
};

describe('PathFilter', () => {
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

  it('keeps what following each path by itself would keep', () => {
    const name = fc.constantFrom('a', 'ab', 'b', 'ba', 'c');
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constant(1),
        fc.dictionary(name, tie('value'), { maxKeys: 3 }),
        fc.array(tie('value'), { maxLength: 2 }),
      ),
    })).value;
    const step = fc.constantFrom('a', 'b', '*', '**', 'a*', '*b', 'a*b', '**a', '');
    const filter = fc
      .array(
        fc.array(step, { minLength: 1, maxLength: 5 }).map((steps) => steps.join('.')),
        { maxLength: 4 },
      )
      .map((paths) => paths.join());
    fc.assert(
      fc.property(value, filter, (given, text) => {
        expect(filterByPaths(given, text)).toEqual(keepOneByOne(given, text));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    `${'**.'.repeat(300)}x`,
    `${'**.*.'.repeat(200)}x`,
    Array.from({ length: 200 }, (_, index) => `**.${index}`).join(),
    `**.${'*a'.repeat(500)}`,
    `items.${'*e'.repeat(500)}*.status`,
  ])('takes no longer than the size of the answer tells (%#)', (filter) => {
    const items = Array.from({ length: 100_000 }, () => ({
      index: { _index: 'a'.repeat(200), error: { reason: 'r' } },
    }));
    expect(filterByPaths({ items }, filter.slice(0, maxFilterLength))).toBeUndefined();
  });
});

/** Reference implementation of a filter, with exponential time in the steps. */
function keepOneByOne(value: unknown, filter: string): unknown {
  const paths = filter.split(',').filter((path) => path !== '');
  return paths.length === 0
    ? value
    : keep(
        value,
        paths.map((path) => path.split('.')),
      );
}

function keep(value: unknown, paths: readonly (readonly string[])[]): unknown {
  if (Array.isArray(value)) {
    const kept = value.map((element) => keep(element, paths)).filter((element) => element !== undefined);
    return kept.length === 0 ? undefined : kept;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const kept: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    const rests = paths.flatMap((path) => follow(path, key));
    const child = rests.some((rest) => rest.length === 0) ? member : keep(member, rests);
    if (child !== undefined) kept[key] = child;
  }
  return Object.keys(kept).length === 0 ? undefined : kept;
}

function follow([step, ...rest]: readonly string[], key: string): (readonly string[])[] {
  if (step === undefined) return [];
  if (step !== '**') return new RegExp(`^${step.replaceAll('*', '.*')}$`).test(key) ? [rest] : [];
  return rest.length === 0 ? [[]] : [[step, ...rest], ...follow(rest, key)];
}
