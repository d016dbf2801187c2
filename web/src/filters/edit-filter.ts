import { type Fields, findField } from '../../../src/filters/fields.ts';
import type { Filter, Term, Test } from '../../../src/filters/filter.ts';
import { parseFilter } from '../../../src/filters/parse-filter.ts';
import { printFilter, printTerm } from '../../../src/filters/print-filter.ts';
import { requestFields } from '../../../src/filters/request-fields.ts';

/** The terms of a text, or why it cannot be read. */
export interface ReadFilter {
  readonly filter: Filter;
  readonly problem: string | null;
}

export function readFilter(text: string, fields: Fields = requestFields): ReadFilter {
  try {
    return { filter: parseFilter(text, fields), problem: null };
  } catch (error) {
    return { filter: [], problem: error instanceof Error ? error.message : String(error) };
  }
}

export function textOfFilter(filter: Filter, fields: Fields = requestFields): string {
  return printFilter(filter, fields);
}

export function textOfTerm(term: Term, fields: Fields = requestFields): string {
  return printTerm(term, fields);
}

/** The term of a value that a report shows, such as `502`, `5xx` or `/a*b`; the value has no wildcards. */
export function termOf(field: string, value: string, isNegated = false, fields: Fields = requestFields): Term {
  const isText = findField(fields, field)?.kind === 'text';
  const test: Test = { is: 'value', value };
  if (isText) return { field, isNegated, tests: [test] };
  return {
    field,
    isNegated,
    tests: parseFilter(`${field}:${value === '' ? '""' : value}`, fields)[0]?.tests ?? [test],
  };
}

/** With the term, and without those that say the same or the contrary. */
export function withTerm(filter: Filter, term: Term): Filter {
  const same = textOfTerm({ ...term, isNegated: false });
  return [...filter.filter((other) => textOfTerm({ ...other, isNegated: false }) !== same), term];
}

/** The only value that a field may have, as far as one term says it. */
export function chosenValue(filter: Filter, field: string): string {
  const term = filter.find((one) => one.field === field && !one.isNegated && one.tests.length === 1);
  const [test] = term?.tests ?? [];
  return test?.is === 'value' ? test.value : '';
}

/** With this value of the field instead of the chosen one; empty for any. */
export function withChosen(filter: Filter, field: string, value: string): Filter {
  const chosen = textOfTerm(termOf(field, chosenValue(filter, field)));
  const others = filter.filter((term) => textOfTerm(term) !== chosen);
  return value === '' ? others : [...others, termOf(field, value)];
}
