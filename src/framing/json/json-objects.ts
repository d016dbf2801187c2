import { backslash, blank, carriageReturn, closeBrace, newline, openBrace, quote, tab } from './ascii.ts';

/**
 * Splits a record into lines. Producers put JSON objects into one record without a separator (`}{`), or print one
 * over many lines; each object becomes one line. Everything else is split at newlines and left unchanged.
 *
 * Only quotes and braces are checked; the engine decides whether an object is valid JSON.
 *
 * @returns lines without their newline, blank ones omitted; views of `record` where nothing had to be changed
 */
export function splitJsonObjects(record: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let acrossLines = true;
  let at = 0;
  let lineEnd = -1;
  for (let start = skipBlanks(record, at); start < record.length; start = skipBlanks(record, at)) {
    // Once a line: thousands of objects may share one.
    if (lineEnd < start) lineEnd = endOfLine(record, start);
    const end = beginsObject(record, start) ? endOfObject(record, start, acrossLines ? record.length : lineEnd) : -1;
    if (end !== -1) lines.push(oneLine(record.subarray(start, end)));
    // Text keeps its leading blanks: they mark a line that continues the one before.
    else lines.push(record.subarray(Math.max(at, record.lastIndexOf(newline, start) + 1), lineEnd));
    // Stops the search for multi-line objects: an unclosed one would be scanned again on each of its lines.
    if (end === -1 && beginsObject(record, start)) acrossLines = false;
    at = end === -1 ? lineEnd : end;
  }
  return lines;
}

function skipBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isBlank(bytes[at])) at++;
  return at;
}

function isBlank(byte: number | undefined): boolean {
  return byte === blank || byte === newline || byte === carriageReturn || byte === tab;
}

/** `{` alone also begins lines of text. */
function beginsObject(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== openBrace) return false;
  const next = bytes[skipBlanks(bytes, at + 1)];
  return next === quote || next === closeBrace;
}

function endOfLine(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(newline, from);
  return end === -1 ? bytes.length : end;
}

/** @returns the position after the brace that closes the object at `from`; -1 if there is none before `until` */
function endOfObject(bytes: Uint8Array, from: number, until: number): number {
  let depth = 0;
  let inString = false;
  for (let at = from; at < until; at++) {
    const byte = bytes[at];
    if (inString) {
      if (byte === backslash) at++;
      else if (byte === quote) inString = false;
      // JSON has no newline within a string: this one was truncated.
      else if (byte === newline) return -1;
    } else if (byte === quote) inString = true;
    else if (byte === openBrace) depth++;
    else if (byte === closeBrace && --depth === 0) return at + 1;
  }
  return -1;
}

function oneLine(object: Uint8Array): Uint8Array {
  return object.includes(newline)
    ? object.map((byte) => (byte === newline || byte === carriageReturn ? blank : byte))
    : object;
}
