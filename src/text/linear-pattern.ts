import { RE2JS } from 're2js';
import { checkDeadline } from './match-deadline.ts';

/**
 * A pattern that runs on input, here and in the engine. Both use RE2, so that it means the same in both and the time of
 * a match is linear in the length of the input. JavaScript's own expressions backtrack, for hours
 * on a hostile line.
 */
export interface LinearPattern {
  /** Whether the pattern matches anywhere in the text. */
  test(text: string): boolean;
  /** The groups of the first match, empty where a group took no part; `undefined` without a match. */
  groups(text: string): string[] | undefined;
  /** The named groups of the first match, empty where a group took no part; `undefined` without a match. */
  names(text: string): Readonly<Record<string, string>> | undefined;
}

/**
 * It is compiled when it is first matched: most commands load many patterns and match few.
 *
 * @param source RE2; a dot matches any character, as in the engine, and `\C` is any byte there and any character here
 */
export function linearPattern(source: string): LinearPattern {
  return {
    test: (text) => compiled(source).test(text),
    groups: (text) => compiled(source).groups(text),
    names: (text) => compiled(source).names(text),
  };
}

/** Why a text is not a valid RE2 pattern, or `undefined`. */
export function patternProblem(source: string): string | undefined {
  try {
    compiled(source);
    return undefined;
  } catch (cause) {
    return (cause as Error).message.replace(/^error parsing regexp: /, '');
  }
}

/** @throws Error when it is no pattern */
function compiled(source: string): LinearPattern {
  let pattern = patterns.get(source);
  if (!pattern) {
    pattern = matcherOf(RE2JS.compile(source.replace(/\\./gs, anyCharacter), RE2JS.DOTALL));
    patterns.set(source, pattern);
  }
  return pattern;
}

const patterns = new Map<string, LinearPattern>();

function anyCharacter(escaped: string): string {
  return escaped === '\\C' ? '.' : escaped;
}

function matcherOf(compiled: RE2JS): LinearPattern {
  const order = Object.entries(compiled.namedGroups());
  const test = (text: string) => {
    checkDeadline();
    return compiled.test(text);
  };
  const groups = (text: string) => {
    // The test alone takes a tenth of the time.
    const found = test(text) ? compiled.exec(text) : undefined;
    return found?.slice(1).map((group = '') => group);
  };
  return {
    test,
    groups,
    names: (text) => {
      const found = groups(text);
      return found && Object.fromEntries(order.map(([name, number]) => [name, found[number - 1] ?? '']));
    },
  };
}
