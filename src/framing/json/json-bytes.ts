import {
  backslash,
  blank,
  carriageReturn,
  closeBrace,
  closeBracket,
  colon,
  comma,
  newline,
  openBrace,
  openBracket,
  quote,
  tab,
} from './ascii.ts';

/**
 * Scans JSON without creating strings or objects. Every function takes a position and returns the one
 * after what it read, or {@link broken}. Follows RFC 8259, except that it accepts any bytes above 0x1f in strings.
 */
export const broken = -1;

/** Deeper values count as broken; Elasticsearch allows 1000. */
const maxDepth = 500;

const escapes = new Set(Buffer.from('"\\/bfnrt'));
const hexDigits = new Set(Buffer.from('0123456789abcdefABCDEF'));

export function skipSpace(bytes: Uint8Array, at: number): number {
  let next = at;
  for (;;) {
    const byte = bytes[next];
    if (byte !== blank && byte !== newline && byte !== carriageReturn && byte !== tab) return next;
    next++;
  }
}

/** Whether the bytes are one JSON object and otherwise white space. */
export function isJsonObject(bytes: Uint8Array): boolean {
  const start = skipSpace(bytes, 0);
  if (bytes[start] !== openBrace) return false;
  const end = skipValue(bytes, start);
  return end !== broken && skipSpace(bytes, end) === bytes.length;
}

export function skipValue(bytes: Uint8Array, at: number, depth = 0): number {
  switch (bytes[at]) {
    case quote:
      return skipString(bytes, at);
    case openBrace:
      return depth > maxDepth ? broken : skipMembers(bytes, at, ignore, depth + 1);
    case openBracket:
      return depth > maxDepth ? broken : skipElements(bytes, at, depth + 1);
    case 0x74:
      return skipWord(bytes, at, 'true');
    case 0x66:
      return skipWord(bytes, at, 'false');
    case 0x6e:
      return skipWord(bytes, at, 'null');
    default:
      return skipNumber(bytes, at);
  }
}

/** @param at a quotation mark */
export function skipString(bytes: Uint8Array, at: number): number {
  for (let next = at + 1; next < bytes.length; next++) {
    const byte = bytes[next] as number;
    if (byte === quote) return next + 1;
    if (byte < 0x20) return broken;
    if (byte === backslash) {
      next = skipEscape(bytes, next + 1) - 1;
      if (next < 0) return broken;
    }
  }
  return broken;
}

/** @param at the character after the backslash */
function skipEscape(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== 0x75) return escapes.has(bytes[at] ?? 0) ? at + 1 : broken;
  for (let next = at + 1; next < at + 5; next++) if (!hexDigits.has(bytes[next] ?? 0)) return broken;
  return at + 5;
}

/**
 * @param at an opening brace
 * @param visit receives the bounds of each key, with its quotation marks, and of its value
 */
export function skipMembers(
  bytes: Uint8Array,
  at: number,
  visit: (keyStart: number, keyEnd: number, valueStart: number, valueEnd: number) => void,
  depth = 1,
): number {
  let next = skipSpace(bytes, at + 1);
  if (bytes[next] === closeBrace) return next + 1;
  for (;;) {
    if (bytes[next] !== quote) return broken;
    const keyEnd = skipString(bytes, next);
    if (keyEnd === broken) return broken;
    const between = skipSpace(bytes, keyEnd);
    if (bytes[between] !== colon) return broken;
    const valueStart = skipSpace(bytes, between + 1);
    const valueEnd = skipValue(bytes, valueStart, depth);
    if (valueEnd === broken) return broken;
    visit(next, keyEnd, valueStart, valueEnd);
    next = skipSpace(bytes, valueEnd);
    if (bytes[next] === closeBrace) return next + 1;
    if (bytes[next] !== comma) return broken;
    next = skipSpace(bytes, next + 1);
  }
}

/** @param at an opening bracket */
function skipElements(bytes: Uint8Array, at: number, depth: number): number {
  let next = skipSpace(bytes, at + 1);
  if (bytes[next] === closeBracket) return next + 1;
  for (;;) {
    next = skipValue(bytes, next, depth);
    if (next === broken) return broken;
    next = skipSpace(bytes, next);
    if (bytes[next] === closeBracket) return next + 1;
    if (bytes[next] !== comma) return broken;
    next = skipSpace(bytes, next + 1);
  }
}

/** The bounds of each element of an array that {@link skipValue} found complete. */
export function* elementsOf(bytes: Uint8Array, at: number): Generator<readonly [start: number, end: number]> {
  let next = skipSpace(bytes, at + 1);
  while (bytes[next] !== closeBracket) {
    const end = skipValue(bytes, next);
    // Impossible in a complete array; ends the loop for a caller that did not check.
    if (end === broken) return;
    yield [next, end];
    next = skipSpace(bytes, end);
    if (bytes[next] === comma) next = skipSpace(bytes, next + 1);
  }
}

function skipWord(bytes: Uint8Array, at: number, word: string): number {
  for (let index = 0; index < word.length; index++) {
    if (bytes[at + index] !== word.charCodeAt(index)) return broken;
  }
  return at + word.length;
}

function skipNumber(bytes: Uint8Array, at: number): number {
  const start = bytes[at] === 0x2d ? at + 1 : at;
  let next = skipDigits(bytes, start);
  if (next === start || (bytes[start] === 0x30 && next > start + 1)) return broken;
  if (bytes[next] === 0x2e) {
    const fraction = next + 1;
    next = skipDigits(bytes, fraction);
    if (next === fraction) return broken;
  }
  if (bytes[next] === 0x65 || bytes[next] === 0x45) {
    const sign = bytes[next + 1];
    const exponent = sign === 0x2b || sign === 0x2d ? next + 2 : next + 1;
    next = skipDigits(bytes, exponent);
    if (next === exponent) return broken;
  }
  return next;
}

function skipDigits(bytes: Uint8Array, at: number): number {
  let next = at;
  for (let byte = bytes[next]; byte !== undefined && byte >= 0x30 && byte <= 0x39; byte = bytes[next]) next++;
  return next;
}

function ignore(): void {}
