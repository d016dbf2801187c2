import { patternLiteral } from './line-patterns.ts';

// To the engine's RE2 a byte that is not UTF-8 is no character: neither a dot nor `[^ ]` matches it, and a line in another
// encoding would not be known, or fall apart in the wrong place. In JavaScript such a byte is U+FFFD, a character. Here is
// how a pattern comes to mean the same in both.

/**
 * SQL of a text of the column `line` as a pattern sees it that takes it apart: what is not UTF-8 is read as ISO 8859-1, in
 * which every byte is a character.
 */
export function characters(text: string): string {
  return `if(isValidUTF8(line), ${text}, convertCharset(${text}, 'ISO-8859-1', 'UTF-8'))`;
}

/** SQL of an array of what was found in {@link characters}, as bytes. */
export function bytesOf(found: string): string {
  return `if(isValidUTF8(line), ${found}, arrayMap(text -> convertCharset(text, 'UTF-8', 'ISO-8859-1'), ${found}))`;
}

/** SQL of whether a value is like a pattern. */
export function isLike(value: string, pattern: string): string {
  return `match(${takesAnything(pattern) ? `toValidUTF8(${value})` : value}, ${patternLiteral(pattern)})`;
}

/** Whether the pattern has a dot, or a class of all characters but some; most have none, and need no look at the bytes. */
function takesAnything(pattern: string): boolean {
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
