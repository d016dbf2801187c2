import type { Span } from './span.ts';

/**
 * What looks like a secret although no schema says so: in a file that is not valid YAML yet, under a misspelt key, in a
 * comment, in an address. Guessing too much here costs a `***` too many, guessing too little costs a password.
 */
const secretName = 'pass(?:w(?:or[dt])?|phrase)?|pwd|secret|token|api[-_]?key|access[-_]?key|credential';
const assignment = new RegExp(`(?:${secretName})[\\w-]*["']?\\s*[:=]\\s*(\\S.*)`, 'gi');
const addressWithUser = /:\/\/([^\n]*)@/g;
const addressWithQuery = /:\/\/[^\s?#"']*[?#](\S+)/g;

export function looksLikeSecretName(name: string): boolean {
  return new RegExp(secretName, 'i').test(name);
}

/** Where in a text something secret seems to stand. */
export function suspectedSecrets(source: string): Span[] {
  return [assignment, addressWithUser, addressWithQuery].flatMap((pattern) =>
    [...source.matchAll(pattern)].map((match): Span => {
      const length = match[1]?.length ?? 0;
      const end = match.index + match[0].length - (pattern === addressWithUser ? 1 : 0);
      return [end - length, end];
    }),
  );
}

/** A value as a message may show it: in quotes, short, on one line; nothing of it when it seems to hold a secret. */
export function quote(value: string): string {
  if (suspectedSecrets(value).length > 0) return '"***"';
  const line = value.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ');
  return `"${line.length > 60 ? `${line.slice(0, 57)}…` : line}"`;
}
