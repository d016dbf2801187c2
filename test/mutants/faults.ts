import { carriers } from './carriers.ts';
import type { Random } from './random.ts';

/** A fault of a line, whose characters are bytes; `next` is another line of the file. */
export interface Fault {
  readonly name: string;
  readonly strike: (line: string, next: string, random: Random) => string;
}

/** A time in brackets, a value in quotes, else what stands between blanks, tabs and commas. */
const valuePattern = /"(?:\\.|[^"\\])*"|\[[^\]]*\]|[^ \t,]+/g;

interface Span {
  readonly from: number;
  readonly until: number;
}

function spans(line: string): Span[] {
  // A tab separates values that have blanks and commas.
  const pattern = line.includes('\t') ? /[^\t]+/g : valuePattern;
  return [...line.matchAll(pattern)].map((match) => ({ from: match.index, until: match.index + match[0].length }));
}

function splice(line: string, { from, until }: Span, text: string): string {
  return `${line.slice(0, from)}${text}${line.slice(until)}`;
}

function atValue(change: (line: string, span: Span, random: Random) => string): Fault['strike'] {
  return (line, _, random) => {
    const all = spans(line);
    return all.length === 0 ? line : change(line, random.one(all), random);
  };
}

function atPlace(change: (line: string, place: number, random: Random) => string): Fault['strike'] {
  return (line, _, random) => change(line, random.below(line.length + 1), random);
}

/** What separates the values of a line. */
function separator(line: string): string {
  return line.includes('\t') ? '\t' : /^\S+,\S+,\S+,/.test(line) ? ',' : ' ';
}

const strangers = [
  'x',
  '200',
  '404',
  '0.123',
  '-1',
  '203.0.113.200',
  'GET',
  '2026-03-01T10:00:00Z',
  '"Mozilla/5.0 (X)"',
  '/p',
];

export const faults: readonly Fault[] = [
  { name: 'nul', strike: atPlace((line, at) => splice(line, { from: at, until: at }, '\0')) },
  {
    name: 'torn to NULs',
    strike: atPlace((line, at, random) => {
      const until = Math.min(line.length, at + 1 + random.below(60));
      return splice(line, { from: at, until }, '\0'.repeat(until - at));
    }),
  },
  { name: 'cut off at the end', strike: atPlace((line, at) => line.slice(0, at)) },
  { name: 'cut off at the beginning', strike: atPlace((line, at) => line.slice(at)) },
  { name: 'joined with the next', strike: (line, next, random) => line.slice(0, random.below(line.length + 1)) + next },
  {
    name: 'a value dropped',
    strike: atValue((line, { from, until }) => splice(line, { from, until: until + 1 }, '')),
  },
  {
    name: 'a value doubled',
    strike: atValue((line, { from, until }) =>
      splice(line, { from: until, until }, `${separator(line)}${line.slice(from, until)}`),
    ),
  },
  {
    name: 'values shifted',
    strike: atValue((line, { from }, random) =>
      splice(line, { from, until: from }, `${random.one(strangers)}${separator(line)}`),
    ),
  },
  {
    name: 'one dropped, another doubled',
    strike: (line, _, random) => {
      const all = spans(line);
      const [one, other] = [random.one(all), random.one(all)];
      if (!one || !other || one.from >= other.from) return line.slice(1);
      const doubled = splice(
        line,
        { from: other.until, until: other.until },
        `${separator(line)}${line.slice(other.from, other.until)}`,
      );
      return splice(doubled, { from: one.from, until: one.until + 1 }, '');
    },
  },
  { name: 'a blank more', strike: atValue((line, { from }) => splice(line, { from, until: from }, separator(line))) },
  { name: 'a stray quote', strike: atPlace((line, at) => splice(line, { from: at, until: at }, '"')) },
  { name: 'a byte order mark', strike: (line) => `\xef\xbb\xbf${line}` },
  { name: 'a carriage return', strike: (line) => `${line}\r` },
  { name: 'a carriage return within', strike: atPlace((line, at) => splice(line, { from: at, until: at }, '\r')) },
  { name: 'in quotes', strike: (line) => `"${line}"` },
  { name: "a file's name in front", strike: (line) => `access.log:${line}` },
  {
    name: 'in an envelope',
    strike: (line, _, random) => random.one(carriers).carry(line, random.below(50)),
  },
];
