import type { Field, FieldType } from '../formats/format.ts';
import { timePattern } from '../formats/logs/time-forms.ts';
import { type LinearPattern, linearPattern } from '../text/linear-pattern.ts';

const typePatterns: Readonly<Record<FieldType, Pick<LinearPattern, 'test'>>> = {
  text: /^/,
  token: /^/,
  uri: /^/,
  integer: /^\d+$/,
  seconds: /^\d+(\.\d+)?$/,
  milliseconds: /^\d+$/,
  microseconds: /^\d+$/,
  nanoseconds: /^\d+$/,
  'written-duration': /^\d/,
  // Masked addresses have x or * for digits.
  ip: /^([0-9xX*]{1,3}\.){3}[0-9xX*]{1,3}$|^[0-9a-fA-FxX*]*:[0-9a-fA-FxX*]*:[0-9a-fA-FxX*:.]*$/,
  date: /^\d{4}-\d\d-\d\d$/,
  clock: /^\d\d:\d\d:\d\d$/,
  'epoch-seconds': /^[1-9]\d{8,9}(\.\d+)?$/,
  'epoch-milliseconds': /^[1-9]\d{11,12}$/,
  address: /^[^\s.:]*[.:]\S*$/,
  'forwarded-address': /^/,
  'iso-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?$/,
  'clf-time': /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d([.,]\d{1,9})? [+-]\d{4}$/,
  'any-time': linearPattern(timePattern),
  'request-line': /^/,
  'trace-id': /^/,
  url: /^/,
};

/** How much a fit says: a value that looks like an address says much, a text that may be anything says little. */
const typeWeights: Readonly<Record<FieldType, number>> = {
  text: 0.2,
  token: 0.2,
  uri: 0.4,
  integer: 1,
  seconds: 1,
  milliseconds: 1,
  microseconds: 1,
  nanoseconds: 1,
  'written-duration': 1,
  ip: 3,
  date: 3,
  clock: 3,
  'epoch-seconds': 3,
  'epoch-milliseconds': 3,
  address: 3,
  'forwarded-address': 0.2,
  'iso-time': 3,
  'clf-time': 3,
  'any-time': 3,
  'request-line': 0.2,
  'trace-id': 0.2,
  url: 0.4,
};

/** Whether a value may be of a field; a null marker may be of any, and so may a number that means "not known". */
export function fits(field: Field, value: string, unknownNumber = '-'): boolean {
  if (value === '-' || value === '' || value === unknownNumber) return true;
  return typePatterns[field.type].test(value) && (!field.pattern || linearPattern(field.pattern).test(value));
}

/** How strongly a value that fits speaks for the field. */
export function fitWeight(field: Field, value: string): number {
  if (value === '-' || value === '') return 0.05;
  if (field.type === 'seconds' && !value.includes('.')) return 0.3;
  const saysMore = field.pattern !== undefined && !takesAnyLike(field.pattern, value);
  return saysMore ? Math.max(2, typeWeights[field.type]) : typeWeights[field.type];
}

/** Whether a pattern takes any value of this one's kind, so that it tells nothing of this one. */
function takesAnyLike(pattern: string, value: string): boolean {
  let taken = takenExamples.get(pattern);
  if (!taken) {
    taken = kinds.map(({ example }) => linearPattern(pattern).test(example));
    takenExamples.set(pattern, taken);
  }
  return taken[kinds.findIndex(({ is }) => is.test(value))] === true;
}

/** By pattern, of each kind; a sample asks for thousands of values. */
const takenExamples = new Map<string, readonly boolean[]>();

const kinds: readonly { readonly is: RegExp; readonly example: string }[] = [
  { is: /^\w+$/, example: 'word1' },
  { is: /^\d+\.\d+$/, example: '0.5' },
  { is: /^/, example: '"a/b?c=d&e=*,%20f:~g;(h)"' },
];
