import fc from 'fast-check';
import type { Field } from '../fields.ts';
import type { Comparison, Filter, Term, Test } from '../filter.ts';
import { requestFields } from '../request-fields.ts';

/** Texts that break what does not quote them. */
export const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc
    .array(
      fc.constantFrom(
        '"',
        '\\',
        '*',
        ' ',
        ':',
        '-',
        '(',
        ')',
        ',',
        '..',
        '>',
        '5xx',
        '\0',
        '\n',
        '%',
        '_',
        "'",
        '{x:String}',
        'a',
      ),
      { maxLength: 6 },
    )
    .map((parts) => parts.join('')),
);

/** Any filter of requests. */
export const anyFilter = filterOf([...requestFields.byName.values()], anyValue, 10);

function anyValue({ kind, type }: Field): fc.Arbitrary<string> {
  if (kind === 'text') return hostileText;
  if (kind === 'number') return fc.double({ noDefaultInfinity: true, noNaN: true, min: 0, max: 1e30 }).map(String);
  return fc.bigInt({ min: 0n, max: 2n ** BigInt(type.slice('UInt'.length)) - 1n }).map(String);
}

/**
 * Filters in the form that parsing gives.
 * @param valuesOf the values and parts of patterns, in canonical form
 */
export function filterOf(
  fields: readonly Field[],
  valuesOf: (field: Field) => fc.Arbitrary<string>,
  maxLength = 3,
): fc.Arbitrary<Filter> {
  const term = (field: Field): fc.Arbitrary<Term> =>
    fc.record({
      field: fc.constant(field.name),
      isNegated: fc.boolean(),
      tests: fc.array(testOf(field, valuesOf(field)), { minLength: 1, maxLength: 3 }),
    });
  return fc.array(fc.constantFrom(...fields).chain(term), { maxLength });
}

function testOf(field: Field, values: fc.Arbitrary<string>): fc.Arbitrary<Test> {
  const value = (of: fc.Arbitrary<string>) => of.map((text): Test => ({ is: 'value', value: text }));
  const like = (parts: fc.Arbitrary<string[]>) => parts.map((found): Test => ({ is: 'like', parts: found }));
  if (field.kind === 'yes or no') return value(fc.constantFrom('true', 'false'));
  if (field.kind === 'text') {
    const middle = fc.array(
      values.filter((text) => text !== ''),
      { maxLength: 2 },
    );
    return fc.oneof(
      value(values),
      like(fc.tuple(values, middle, values).map(([first, parts, last]) => [first, ...parts, last])),
    );
  }
  const range = fc.tuple(values, values).map(([one, other]): Test => {
    const isOrdered = Number(one) < Number(other) || (Number(one) === Number(other) && one <= other);
    return { is: 'range', from: isOrdered ? one : other, to: isOrdered ? other : one };
  });
  const compared = fc
    .tuple(fc.constantFrom<Comparison>('>', '>=', '<', '<='), values)
    .map(([by, number]): Test => ({ is: 'compared', by, value: number }));
  const missing = field.isNullable ? [value(fc.constant('')), like(fc.constant(['', '']))] : [];
  return fc.oneof(value(values), range, compared, ...missing);
}
