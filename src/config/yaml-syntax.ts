import type { Document, ParsedNode, YAMLError } from 'yaml';
import type { FoundProblem } from './config-problem.ts';
import type { Span } from './span.ts';

interface Advice {
  readonly cause: string;
  readonly remedy: string;
}

const quoteIt = 'put the value in quotes';

/**
 * The library's own texts name tokens of its grammar and repeat parts of the file, which may be secret; these name the
 * mistake and the cure. https://eemeli.org/yaml/#errors
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

/** What keeps a text from being YAML, at most one problem a line: the first causes the others. */
export function syntaxProblems(document: Document<ParsedNode>, source: string): FoundProblem[] {
  const seen = new Set<number>();
  return [...document.errors, ...document.warnings].flatMap((error) => {
    const span = pointAt(source, error.pos);
    const lineStart = source.lastIndexOf('\n', span[0] - 1);
    if (seen.has(lineStart)) return [];
    seen.add(lineStart);
    const { cause, remedy } = adviceOn(error, source, lineStart + 1);
    return [{ span, path: [], message: `cannot read YAML: ${cause}; ${remedy}` }];
  });
}

function adviceOn(error: YAMLError, source: string, lineStart: number): Advice {
  const upToHere = source.slice(lineStart, error.pos[1]);
  const isFlow = error.code === 'UNEXPECTED_TOKEN' || error.code === 'MISSING_CHAR';
  if (isFlow && /[[{,:]\s*\$\{/.test(upToHere)) return unquotedVariable;
  return advice[error.code] ?? { cause: 'the text is not valid here', remedy: 'check this line and the one above it' };
}

// The end of the file is no place to show; the last character that is not blank is.
function pointAt(source: string, [from, to]: readonly [number, number]): Span {
  const last = source.trimEnd().length;
  return from >= last && last > 0 ? [last - 1, last] : [from, Math.max(from + 1, to)];
}
