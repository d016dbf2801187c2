import type { Alert } from './alert.ts';
import type { Labels } from './instance.ts';

/** `host=*.example.com`, `severity!=critical`: a label, `alert` or `severity`, and a text with `*` for any characters. */
export interface Matcher {
  readonly name: string;
  readonly isNot: boolean;
  readonly pattern: string;
}

/** @returns undefined when the text is no matcher */
export function parseMatcher(text: string): Matcher | undefined {
  const [, name, not, pattern] = /^([\w-]{1,100})(!?)=(.{0,500})$/s.exec(text) ?? [];
  if (name === undefined || pattern === undefined) return undefined;
  return { name, isNot: not === '!', pattern };
}

/** Whether all of them match; a label that an instance does not have is empty. */
export function matchesAll(
  matchers: readonly Matcher[],
  { name, severity }: Pick<Alert, 'name' | 'severity'>,
  labels: Labels,
): boolean {
  const all: Labels = { ...labels, alert: name, severity };
  return matchers.every((matcher) => {
    const value = Object.hasOwn(all, matcher.name) ? (all[matcher.name] ?? '') : '';
    return matchesPattern(matcher.pattern, value) !== matcher.isNot;
  });
}

/** In time proportional to both lengths: pieces between stars are found from the left. */
function matchesPattern(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return text === pattern;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
