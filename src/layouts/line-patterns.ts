import { quoteString } from '../engine/bound-parameter.ts';

/**
 * RE2, for a text without trailing blanks: a quoted value, else all up to the next blank, with the blanks around it.
 * An escaped quote does not end it; an unclosed quote takes the rest of the line, so that the next value is never
 * searched for in the same bytes again. `\C` is any byte.
 */
const tokenPattern = ' *(?:"(?:\\\\\\C|\\C)*?(?:"+(?: |$)|$)|\\C+?(?: |$))';

/** The tokens of a text, as the engine finds them; quotes are removed in pairs. */
export function sampleTokens(text: string): string[] {
  const tokens: string[] = [];
  for (let at = 0; at < text.length; ) {
    if (text[at] === ' ') {
      at++;
      continue;
    }
    const end = text[at] === '"' ? endOfQuoted(text, at + 1) : endOfWord(text, at);
    const isQuoted = end > at + 1 && text[at] === '"' && text[end - 1] === '"';
    tokens.push(isQuoted ? text.slice(at + 1, end - 1) : text.slice(at, end));
    at = end + 1;
  }
  return tokens;
}

function endOfWord(text: string, from: number): number {
  const blank = text.indexOf(' ', from);
  return blank === -1 ? text.length : blank;
}

/** Index after the quotes that precede a blank or the end of the text; without such quotes, the end of the text. */
function endOfQuoted(text: string, from: number): number {
  for (let at = from; at < text.length; ) {
    if (text[at] === '\\') at += 2;
    else if (text[at] !== '"') at++;
    else {
      while (text[at] === '"') at++;
      if (at === text.length || text[at] === ' ') return at;
    }
  }
  // The engine trims every token.
  let end = text.length;
  while (text[end - 1] === ' ') end--;
  return end;
}

/** SQL of the same. */
export function tokensExpression(text: string): string {
  const isQuoted = `length(token) > 1 AND startsWith(token, '"') AND endsWith(token, '"')`;
  return `arrayMap(
    token -> if(${isQuoted}, substring(token, 2, length(token) - 2), token),
    arrayMap(found -> trimBoth(found), extractAll(trimRight(${text}), ${quoteString(tokenPattern)})))`;
}
