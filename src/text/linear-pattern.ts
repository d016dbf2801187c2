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

/** @param source RE2; a dot matches any character, as in the engine, and `\C` is any byte there and any character here */
export function linearPattern(source: string): LinearPattern {
  let pattern = patterns.get(source);
  if (!pattern) {
    pattern = compile(RE2JS.compile(source.replace(/\\./gs, anyCharacter), RE2JS.DOTALL));
    patterns.set(source, pattern);
  }
  return pattern;
}

const patterns = new Map<string, LinearPattern>();

function anyCharacter(escaped: string): string {
  return escaped === '\\C' ? '.' : escaped;
}

function compile(compiled: RE2JS): LinearPattern {
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
