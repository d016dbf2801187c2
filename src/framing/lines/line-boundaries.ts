import type { Charset } from './charset.ts';
import { hasReturns } from './line-ends.ts';

const newline = 0x0a;
const carriageReturn = 0x0d;

export interface WholeLines {
  /** Bytes up to the end of the last complete line; 0 if there is none. */
  readonly bytes: number;
  /** Whether some of these lines end in a carriage return. */
  readonly hasReturns: boolean;
}

/** Finds the end of the complete lines. @param bytes in UTF-16, starting at the beginning of a character */
export function wholeLines(bytes: Buffer, charset: Charset): WholeLines {
  if (charset !== 'utf-8') {
    let at = bytes.lastIndexOf(newline);
    while (at !== -1 && !isNewline(bytes, at, charset)) at = at === 0 ? -1 : bytes.lastIndexOf(newline, at - 1);
    return { bytes: endOfNewline(at, charset), hasReturns: false };
  }
  const lastNewline = bytes.lastIndexOf(newline);
  if (!hasReturns(bytes)) return { bytes: lastNewline + 1, hasReturns: false };
  // A newline may follow the last byte.
  return { bytes: Math.max(lastNewline, bytes.lastIndexOf(carriageReturn, -2)) + 1, hasReturns: true };
}

/** Bytes up to the end of the first line; 0 if it has no end. */
export function firstLine(bytes: Buffer, charset: Charset): number {
  let at = bytes.indexOf(newline);
  while (at !== -1 && !isNewline(bytes, at, charset)) at = bytes.indexOf(newline, at + 1);
  return endOfNewline(at, charset);
}

/** Bytes of the shortest character. */
export function unitBytes(charset: Charset): number {
  return charset === 'utf-8' ? 1 : 2;
}

function isNewline(bytes: Buffer, at: number, charset: Charset): boolean {
  if (charset === 'utf-8') return true;
  return charset === 'utf-16le' ? at % 2 === 0 && bytes[at + 1] === 0 : at % 2 === 1 && bytes[at - 1] === 0;
}

function endOfNewline(at: number, charset: Charset): number {
  if (at === -1) return 0;
  return charset === 'utf-16le' ? at + 2 : at + 1;
}
