import { nearestName } from '../text/nearest-name.ts';
import { type Field, type Fields, findField } from './fields.ts';
import type { Comparison, Filter, Term, Test } from './filter.ts';
import { FilterError } from './filter-error.ts';
import { type Piece, readTerms, type WrittenTerm, type WrittenValue } from './read-terms.ts';

/**
 * Reads a filter: `status:5xx path:/api/* -is_bot:true "checkout"`. The grammar is in docs/filters.md.
 * @throws FilterError with the term that cannot be read, and what to do
 */
export function parseFilter(text: string, fields: Fields): Filter {
  return readTerms(text, fields.maps).map((written) => parseTerm(written, fields));
}

function parseTerm(written: WrittenTerm, fields: Fields): Term {
  const { name, isNegated, values } = written;
  if (name === undefined) return { field: fields.searched, isNegated, tests: [searchOf(values[0] ?? [])] };
  const field = requireField(name, fields, written);
  return { field: field.name, isNegated, tests: values.map((value) => readTest(field, value, written.text)) };
}

function requireField(name: string, fields: Fields, { text }: WrittenTerm): Field {
  const { byName, aliases, absent, searched } = fields;
  const dot = name.indexOf('.');
  // Keys are written as they are.
  const folded = dot < 0 ? name.toLowerCase() : name.slice(0, dot).toLowerCase() + name.slice(dot);
  const field = findField(fields, aliases.get(folded) ?? folded);
  if (field) return field;
  const reason = absent.get(folded);
  if (reason !== undefined) throw new FilterError(text, `there is no field "${name}": ${reason}`);
  const nearest = nearestName(name, [...byName.keys(), ...aliases.keys()]);
  const meant = nearest === undefined ? 'q' : `did you mean "${nearest}"? Or q`;
  throw new FilterError(text, `there is no field "${name}"; ${meant}uote the whole to search for it in ${searched}`);
}

/** A word may stand anywhere in the text. */
function searchOf(value: WrittenValue): Test {
  const parts = splitAtWildcards(value);
  return { is: 'like', parts: withoutEmptyMiddle(['', ...parts, '']) };
}

function readTest(field: Field, value: WrittenValue, term: string): Test {
  if (field.kind === 'text') {
    const parts = splitAtWildcards(value);
    return parts.length === 1
      ? { is: 'value', value: parts[0] ?? '' }
      : { is: 'like', parts: withoutEmptyMiddle(parts) };
  }
  const text = value.map((piece) => piece.text).join('');
  if (field.isNullable && text === '') return { is: 'value', value: '' };
  if (field.isNullable && text === '*') return { is: 'like', parts: ['', ''] };
  if (field.kind === 'yes or no') return { is: 'value', value: readFlag(field, text, term) };
  return readNumbers(field, text, term);
}

/** The texts between wildcards, and around them. */
function splitAtWildcards(value: WrittenValue): string[] {
  return value.reduce<string[]>((parts, piece) => {
    const [first = '', ...rest] = textsOf(piece);
    return [...parts.slice(0, -1), (parts.at(-1) ?? '') + first, ...rest];
  }, []);
}

function textsOf({ text, isQuoted }: Piece): string[] {
  return isQuoted ? [text] : text.split('*');
}

/** Wildcards beside each other are one. */
function withoutEmptyMiddle(parts: readonly string[]): string[] {
  return parts.filter((part, index) => part !== '' || index === 0 || index === parts.length - 1);
}

function readFlag({ name }: Field, text: string, term: string): string {
  const folded = text.toLowerCase();
  if (['true', 'yes', '1'].includes(folded)) return 'true';
  if (['false', 'no', '0'].includes(folded)) return 'false';
  throw new FilterError(term, `"${text}" is neither true nor false; write ${name}:true or ${name}:false`);
}

function readNumbers(field: Field, text: string, term: string): Test {
  const digit = field.name === 'status' ? /^([0-9])xx$/i.exec(text)?.[1] : undefined;
  if (digit !== undefined)
    return { is: 'range', from: String(Number(digit) * 100), to: `${digit === '0' ? '' : digit}99` };
  const by = /^[<>]=?/.exec(text)?.[0] as Comparison | undefined;
  if (by !== undefined) return { is: 'compared', by, value: readNumber(field, text.slice(by.length), term) };
  const between = text.indexOf('..');
  if (between < 0) return { is: 'value', value: readNumber(field, text, term) };
  const [first, last] = [text.slice(0, between), text.slice(between + 2)];
  if (last === '') return { is: 'compared', by: '>=', value: readNumber(field, first, term) };
  if (first === '') return { is: 'compared', by: '<=', value: readNumber(field, last, term) };
  const [from, to] = [readNumber(field, first, term), readNumber(field, last, term)];
  if (isGreater(field, from, to)) throw new FilterError(term, `${from} is greater than ${to}; write the smaller first`);
  return { is: 'range', from, to };
}

/** In canonical form. */
function readNumber(field: Field, text: string, term: string): string {
  if (field.kind === 'whole number') return readWhole(field, text, term);
  const number = /^-?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?$/i.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(Math.fround(number))) return String(number);
  throw new FilterError(term, `"${text}" is no number; write for example ${examples(field, '1.5', '0.1')}`);
}

function readWhole(field: Field, text: string, term: string): string {
  if (!/^\d{1,30}$/.test(text)) {
    throw new FilterError(term, `"${text}" is no whole number; write for example ${examples(field, '400', '100')}`);
  }
  const most = 2n ** BigInt(field.type.slice('UInt'.length)) - 1n;
  const number = BigInt(text);
  if (number > most) throw new FilterError(term, `${field.name} is at most ${most}; write a smaller number`);
  return String(number);
}

function examples({ name }: Field, number: string, less: string): string {
  const classes = name === 'status' ? `${name}:5xx, ` : '';
  return `${name}:${number}, ${classes}${name}:>${number} or ${name}:${less}..${number}`;
}

function isGreater({ kind }: Field, one: string, other: string): boolean {
  return kind === 'number' ? Number(one) > Number(other) : BigInt(one) > BigInt(other);
}
