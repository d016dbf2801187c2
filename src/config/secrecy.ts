import type { Span } from './span.ts';

/**
 * Detects likely secrets that no schema marks: in a file that is not valid YAML yet, under a misspelt key, in a
 * comment, in an address. A false positive costs an unnecessary `***`, a false negative reveals a password.
 */
const secretName = /pass|pwd|secret|token|api[-_]?key|access[-_]?key|credential/i;
const secretWord = /(?:pass|pwd|secret|token|api[-_]?key|access[-_]?key|credential)[\w-]*/gi;
const assignedValue = /["']?\s*[:=]\s*(\S.*)/y;
const address = /:\/\/[^\s?#"']*/g;
const query = /[?#](\S+)/y;

export function looksLikeSecretName(name: string): boolean {
  return secretName.test(name);
}

/** Positions of likely secrets in a text. */
export function suspectedSecrets(source: string): Span[] {
  return [...behind(source, secretWord, assignedValue), ...usersOfAddresses(source), ...behind(source, address, query)];
}

/** The first group of `tail` wherever it directly follows `head`. Reads no character twice. */
function behind(source: string, head: RegExp, tail: RegExp): Span[] {
  const spans: Span[] = [];
  let end = 0;
  for (const match of source.matchAll(head)) {
    if (match.index < end) continue;
    tail.lastIndex = match.index + match[0].length;
    const [text, value] = tail.exec(source) ?? [];
    if (text === undefined || value === undefined) continue;
    end = match.index + match[0].length + text.length;
    spans.push([end - value.length, end]);
  }
  return spans;
}

/** From the first `://` of a line to its last `@`. */
function usersOfAddresses(source: string): Span[] {
  let start = 0;
  return source.split('\n').flatMap((line): Span[] => {
    const [from, until] = [line.indexOf('://'), line.lastIndexOf('@')];
    const offset = start;
    start += line.length + 1;
    return from === -1 || until < from + 3 ? [] : [[offset + from + 3, offset + until]];
  });
}

/** A value for messages: quoted, short, on one line; hidden when it may contain a secret. */
export function quote(value: string): string {
  if (suspectedSecrets(value).length > 0) return '"***"';
  const line = value.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ');
  return `"${line.length > 60 ? `${line.slice(0, 57)}…` : line}"`;
}
