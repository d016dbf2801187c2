import { quoteString } from '../engine/bound-parameter.ts';

// In the engine's RE2 a byte that is not UTF-8 is no character: a dot and `[^ ]` do not match it, so a line in another
// encoding would be missed or split in the wrong place. In JavaScript such a byte is U+FFFD, a character.
// This module makes a pattern mean the same in both.

/**
 * SQL of a text of the column `line` as input to a splitting pattern: invalid UTF-8 is read as ISO 8859-1, in
 * which every byte is a character.
 */
export function characters(text: string): string {
  return `if(isValidUTF8(line), ${text}, convertCharset(${text}, 'ISO-8859-1', 'UTF-8'))`;
}

/** SQL of an array of matches in {@link characters}, as bytes. */
export function bytesOf(found: string): string {
  return `if(isValidUTF8(line), ${found}, arrayMap(text -> convertCharset(text, 'UTF-8', 'ISO-8859-1'), ${found}))`;
}

/** SQL of whether a value matches a pattern. `toValidUTF8` would not do: it takes what follows a cut character at the end. */
export function isLike(value: string, pattern: string): string {
  const readable = `if(isValidUTF8(${value}), ${value}, convertCharset(${value}, 'ISO-8859-1', 'UTF-8'))`;
  return `match(${takesAnything(pattern) ? readable : value}, ${quoteString(pattern)})`;
}

/** Whether the pattern has a dot or a negated class; most have neither, and need no check of the bytes. */
export function takesAnything(pattern: string): boolean {
  let isClass = false;
  for (let at = 0; at < pattern.length; at++) {
    const [character, next = ''] = pattern.slice(at, at + 2);
    if (character === '\\') {
      if ('SWDP'.includes(next)) return true;
      at++;
    } else if (isClass) isClass = character !== ']';
    else if (character === '.' || (character === '[' && next === '^')) return true;
    else if (character === '[') {
      isClass = true;
      if (next === ']') at++;
    }
  }
  return false;
}
