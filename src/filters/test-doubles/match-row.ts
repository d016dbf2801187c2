import type { Fields } from '../fields.ts';
import type { Filter, Test } from '../filter.ts';

/** Values of a row by the names of fields: texts, numbers, flags, or null. */
export type FieldValues = Readonly<Record<string, unknown>>;

/** The plain meaning of a filter, without SQL. */
export function matchesRow(filter: Filter, row: FieldValues, { byName }: Fields): boolean {
  return filter.every(({ field, isNegated, tests }) => {
    const is32 = byName.get(field)?.kind === 'number';
    return tests.some((test) => holds(test, row[field], is32)) !== isNegated;
  });
}

function holds(test: Test, value: unknown, is32: boolean): boolean {
  const number = (of: unknown) => (is32 ? Math.fround(Number(of)) : Number(of));
  if (value === null) return test.is === 'value' && test.value === '';
  switch (test.is) {
    case 'value':
      if (typeof value !== 'number') return String(value) === test.value;
      return test.value !== '' && number(value) === number(test.value);
    case 'like':
      return test.parts.every((part) => part === '') ? value !== '' : isLike(String(value), test.parts);
    case 'range':
      return number(value) >= number(test.from) && number(value) <= number(test.to);
    case 'compared': {
      const difference = number(value) - number(test.value);
      if (difference === 0) return test.by.endsWith('=');
      return test.by.startsWith('>') === difference > 0;
    }
  }
}

function isLike(text: string, parts: readonly string[]): boolean {
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let rest = text.slice(first.length, text.length - last.length);
  for (const part of parts.slice(1, -1)) {
    const at = rest.indexOf(part);
    if (at < 0) return false;
    rest = rest.slice(at + part.length);
  }
  return true;
}
