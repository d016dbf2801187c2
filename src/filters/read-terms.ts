import { mostCharacters, mostTerms, mostValues } from './filter.ts';
import { FilterError } from './filter-error.ts';

/** Text as it was written: within quotes no character has a meaning. */
export interface Piece {
  readonly text: string;
  readonly isQuoted: boolean;
}

/** One value: pieces without a blank between them. */
export type WrittenValue = readonly Piece[];

export interface WrittenTerm {
  /** The whole of it, for messages. */
  readonly text: string;
  readonly isNegated: boolean;
  /** Undefined for a word that is searched. */
  readonly name: string | undefined;
  /** At least one. */
  readonly values: readonly WrittenValue[];
}

/** Names of columns that hold values by their keys. */
type Maps = ReadonlyMap<string, unknown>;

/** @throws FilterError when a quote or a list does not end, or a bound is exceeded */
export function readTerms(text: string, maps: Maps): WrittenTerm[] {
  if (text.length > mostCharacters) {
    throw new FilterError('', `the filter has ${text.length} characters, more than ${mostCharacters}; shorten it`);
  }
  const terms: WrittenTerm[] = [];
  for (let at = skipBlanks(text, 0); at < text.length; at = skipBlanks(text, at)) {
    const [term, end] = readTerm(text, at, maps);
    terms.push(term);
    if (terms.length > mostTerms) {
      throw new FilterError(term.text, `a filter has at most ${mostTerms} terms; remove some`);
    }
    at = end;
  }
  return terms;
}

function readTerm(text: string, start: number, maps: Maps): [WrittenTerm, end: number] {
  const isNegated = text[start] === '-';
  const from = isNegated ? start + 1 : start;
  const [name, first] = readName(text, from, maps) ?? [undefined, from];
  const [values, end] =
    name !== undefined && text[first] === '(' ? readList(text, start, first) : readSingle(text, start, first);
  return [{ text: text.slice(start, end), isNegated, name, values }, end];
}

/** The name of a field, and where its value begins; undefined for a word. */
function readName(text: string, from: number, maps: Maps): [name: string, first: number] | undefined {
  const name = /^[a-z_]\w*/i.exec(text.slice(from, from + 64))?.[0];
  if (name === undefined) return undefined;
  const end = from + name.length;
  if (text[end] === ':') return [name, end + 1];
  if (text[end] !== '.') return undefined;
  // A dot in any other word is one of its characters: "example.com:443".
  if (!maps.has(name.toLowerCase())) return undefined;
  const [key, after] = text[end + 1] === '"' ? readQuoted(text, from, end + 1) : readKey(text, end + 1);
  return key !== '' && text[after] === ':' ? [`${name}.${key}`, after + 1] : undefined;
}

function readKey(text: string, start: number): [key: string, end: number] {
  const key = plainKey.exec(text.slice(start, start + mostKeyCharacters))?.[0] ?? '';
  return [key, start + key.length];
}

const mostKeyCharacters = 200;
const plainKey = /^[^\s:"(),*]+/;

/** Whether a key can be written without quotes. */
export function isPlainKey(key: string): boolean {
  return plainKey.exec(key)?.[0] === key && key.length < mostKeyCharacters;
}

function readSingle(text: string, start: number, first: number): [WrittenValue[], end: number] {
  const [value, end] = readValue(text, start, first, isBlank);
  if (value.length === 0) {
    throw new FilterError(
      text.slice(start, Math.max(end, start + 1)),
      'a value is missing; "" stands for an empty one',
    );
  }
  return [[value], end];
}

function readList(text: string, start: number, open: number): [WrittenValue[], end: number] {
  const values: WrittenValue[] = [];
  let at = open;
  do {
    const [value, end] = readValue(
      text,
      start,
      skipBlanks(text, at + 1),
      (char) => isBlank(char) || char === ',' || char === ')',
    );
    at = skipBlanks(text, end);
    if (value.length === 0) {
      throw new FilterError(text.slice(start, at + 1), 'a value is missing in the list; "" stands for an empty one');
    }
    values.push(value);
    if (values.length > mostValues) {
      throw new FilterError(text.slice(start, at), `a list has at most ${mostValues} values; remove some`);
    }
  } while (text[at] === ',');
  if (text[at] !== ')') {
    throw new FilterError(
      text.slice(start),
      'the list does not end; separate its values by commas, and close it by ")"',
    );
  }
  return [values, at + 1];
}

/**
 * Pieces until a character that ends the value, or the end of the text.
 * @param term where the term begins, for messages
 */
function readValue(
  text: string,
  term: number,
  start: number,
  isEnd: (char: string) => boolean,
): [Piece[], end: number] {
  const pieces: Piece[] = [];
  let at = start;
  while (at < text.length && !isEnd(text.charAt(at))) {
    const from = at;
    if (text[at] === '"') {
      const [quoted, end] = readQuoted(text, term, at);
      pieces.push({ text: quoted, isQuoted: true });
      at = end;
    } else {
      while (at < text.length && text[at] !== '"' && !isEnd(text.charAt(at))) at++;
      pieces.push({ text: text.slice(from, at), isQuoted: false });
    }
  }
  return [pieces, at];
}

/** A backslash before a quote or a backslash takes it for itself. */
function readQuoted(text: string, term: number, start: number): [quoted: string, end: number] {
  let quoted = '';
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"') return [quoted, at + 1];
    const next = text[at + 1];
    const isEscape = char === '\\' && (next === '"' || next === '\\');
    if (isEscape) at++;
    quoted += isEscape ? next : char;
  }
  throw new FilterError(text.slice(term), 'the quote does not end; close it by "');
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (at < text.length && isBlank(text.charAt(at))) at++;
  return at;
}

export function isBlank(char: string): boolean {
  return /\s/.test(char);
}
