/**
 * To the engine's RE2 a byte that is not UTF-8 is no character: neither a dot nor `[^ ]` matches it, and a line in another
 * encoding would not be known, or fall apart in the wrong place. So a pattern of ours looks at such a line as ISO 8859-1,
 * in which every byte is a character, and what it finds becomes bytes again. In JavaScript each of those bytes is U+FFFD,
 * a character as well.
 *
 * @returns SQL of a text of the column `line` as a pattern may see it
 */
export function characters(text: string): string {
  return `if(isValidUTF8(line), ${text}, convertCharset(${text}, 'ISO-8859-1', 'UTF-8'))`;
}

/** SQL of an array of what was found in {@link characters}, as bytes. */
export function bytesOf(found: string): string {
  return `if(isValidUTF8(line), ${found}, arrayMap(text -> convertCharset(text, 'UTF-8', 'ISO-8859-1'), ${found}))`;
}
