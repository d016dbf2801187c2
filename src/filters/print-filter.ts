import type { Fields } from './fields.ts';
import type { Filter, Term, Test } from './filter.ts';
import { isBlank, isPlainKey } from './read-terms.ts';

/** The canonical text of a filter: reading it gives the same filter again. */
export function printFilter(filter: Filter, fields: Fields): string {
  return filter.map((term) => printTerm(term, fields)).join(' ');
}

export function printTerm({ field, isNegated, tests }: Term, { searched }: Fields): string {
  const sign = isNegated ? '-' : '';
  const [only] = tests;
  const word = tests.length === 1 && only && field === searched ? printSearch(only) : undefined;
  if (word !== undefined) return sign + word;
  const values = tests.map((test) => printTest(test, field));
  return `${sign}${printName(field)}:${values.length === 1 ? values[0] : `(${values.join(',')})`}`;
}

function printName(field: string): string {
  const [name = '', key] = splitAtDot(field);
  return key === undefined || isPlainKey(key) ? field : `${name}.${quote(key)}`;
}

function splitAtDot(field: string): readonly [name: string, key?: string] {
  const dot = field.indexOf('.');
  return dot < 0 ? [field] : [field.slice(0, dot), field.slice(dot + 1)];
}

/** The word or the quoted text that is searched; undefined if the test is another. */
function printSearch(test: Test): string | undefined {
  if (test.is !== 'like' || test.parts.length < 3 || test.parts[0] !== '' || test.parts.at(-1) !== '') return undefined;
  const [first = '', ...rest] = test.parts.slice(1, -1);
  // Without quotes it would be read as the name of a field, or as the sign of an exclusion.
  const isMistaken = first.includes(':') || first.startsWith('-');
  return [isMistaken ? quote(first) : printText(first), ...rest.map(printText)].join('*');
}

function printTest(test: Test, field: string): string {
  switch (test.is) {
    case 'value':
      return test.value === '' ? '""' : printText(test.value);
    case 'like':
      return test.parts.map(printText).join('*');
    case 'compared':
      return test.by + test.value;
    case 'range':
      return field === 'status' && isClass(test.from, test.to)
        ? `${test.from.charAt(0)}xx`
        : `${test.from}..${test.to}`;
  }
}

function isClass(from: string, to: string): boolean {
  return /^[1-9]00$/.test(from) && to === `${from.charAt(0)}99`;
}

function printText(text: string): string {
  return [...text].some((char) => isBlank(char) || '"*(),'.includes(char)) ? quote(text) : text;
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
