import type { Document, ParsedNode, YAMLError } from 'yaml';
import type { FoundProblem } from './config-problem.ts';
import type { Span } from './span.ts';

interface Advice {
  readonly cause: string;
  readonly remedy: string;
}

const quoteIt = 'put the value in quotes';

/**
 * Replaces the library's messages, which name grammar tokens and repeat parts of the file that may be secret: these
 * name the mistake and the fix. https://eemeli.org/yaml/#errors
 */
const advice: Readonly<Record<string, Advice>> = {
  TAB_AS_INDENT: { cause: 'a tab is used as indentation', remedy: 'indent with spaces' },
  BAD_INDENT: {
    cause: 'the indentation does not match the lines around it',
    remedy: 'keys that belong together start in the same column',
  },
  MISSING_CHAR: {
    cause: 'a colon, quote, comma or bracket is missing here or on a line above',
    remedy: 'write "key: value" with a space after the colon, and close every quote and bracket',
  },
  MULTILINE_IMPLICIT_KEY: {
    cause: 'a line above has no colon after its key, or its quote is not closed',
    remedy: 'write "key: value" with a space after the colon',
  },
  BLOCK_AS_IMPLICIT_KEY: { cause: 'a plain value cannot hold ": "', remedy: quoteIt },
  BAD_SCALAR_START: { cause: 'a value cannot start with this character', remedy: quoteIt },
  BAD_DQ_ESCAPE: {
    cause: 'a backslash in double quotes starts an escape, and this one does not exist',
    remedy: 'double the backslash or use single quotes',
  },
  UNEXPECTED_TOKEN: { cause: 'something stands here that does not belong here', remedy: 'remove it or quote it' },
  MULTIPLE_DOCS: { cause: 'a second document begins here', remedy: 'remove the line "---"; one file is one document' },
  BAD_DIRECTIVE: { cause: 'a line that starts with % is a directive', remedy: `remove it, or ${quoteIt}` },
  TAG_RESOLVE_FAILED: { cause: 'tags (words that start with !) are not understood here', remedy: quoteIt },
  BAD_ALIAS: { cause: 'what follows * or & is not a name', remedy: quoteIt },
  BLOCK_IN_FLOW: { cause: 'indented lines cannot stand inside [ ] or { }', remedy: 'use one of the two styles' },
  RESOURCE_EXHAUSTION: { cause: 'it is nested too deeply', remedy: 'a configuration needs a few levels only' },
};

const unquotedVariable: Advice = {
  cause: 'a variable inside [ ] or { } needs quotes',
  remedy: `write for example ["\${NAME}"]`,
};

/** Syntax errors of a YAML text: at most one per line, as the first causes the others, and at most the given number. */
export function syntaxProblems(document: Document<ParsedNode>, source: string, most: number): FoundProblem[] {
  const problems = new Map<number, FoundProblem>();
  const end = source.trimEnd().length;
  for (const error of [...document.errors, ...document.warnings].slice(0, most * errorsPerLine)) {
    const span = pointAt(end, error.pos);
    const lineStart = source.lastIndexOf('\n', span[0] - 1);
    if (problems.has(lineStart)) continue;
    const { cause, remedy } = adviceOn(error, source, lineStart + 1);
    problems.set(lineStart, { span, path: [], message: `cannot read YAML: ${cause}; ${remedy}` });
  }
  return [...problems.values()].slice(0, most);
}

/** One bad line may cause thousands of errors; those beyond this number are ignored. */
const errorsPerLine = 20;

function adviceOn(error: YAMLError, source: string, lineStart: number): Advice {
  const upToHere = source.slice(lineStart, error.pos[1]);
  const isFlow = error.code === 'UNEXPECTED_TOKEN' || error.code === 'MISSING_CHAR';
  if (isFlow && /[[{,:]\s*\$\{/.test(upToHere)) return unquotedVariable;
  return advice[error.code] ?? { cause: 'the text is not valid here', remedy: 'check this line and the one above it' };
}

// The end of the file cannot be underlined; the last non-blank character can.
function pointAt(last: number, [from, to]: readonly [number, number]): Span {
  return from >= last && last > 0 ? [last - 1, last] : [from, Math.max(from + 1, to)];
}
