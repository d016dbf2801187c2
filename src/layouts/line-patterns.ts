import { quoteString } from '../engine/bound-parameter.ts';
import { linearPattern } from '../text/linear-pattern.ts';

/**
 * RE2, for a text without trailing blanks: a quoted value, else all up to the next blank, with the blanks around it.
 * An escaped quote does not end it; an unclosed quote takes the rest of the line, so that the next value is never
 * searched for in the same bytes again. `\C` is any byte.
 */
const tokenPattern = (word: string) => ` *(?:"(?:\\\\\\C|\\C)*?(?:"+(?: |$)|$)|(?:${word})(?: |$))`;
const word = '\\C+?';
/** nginx writes the values of several upstreams as one: `0.002, 0.003`, or `0.002 : 0.003` after a redirect. */
const list = '[^ "]+(?:,| :) (?:[^ ="]+(?:,| :) )*[^ ="]+';
const leadingList = linearPattern(`^(${list})(?: |$)`);

export interface TokenOptions {
  /** Whether values that a comma or a colon joins are one token. */
  readonly lists?: boolean;
}

/** The tokens of a text, as the engine finds them; quotes are removed in pairs. */
export function sampleTokens(text: string, { lists = false }: TokenOptions = {}): string[] {
  const tokens: string[] = [];
  for (let at = 0; at < text.length; ) {
    if (text[at] === ' ') {
      at++;
      continue;
    }
    const end = text[at] === '"' ? endOfQuoted(text, at + 1) : lists ? endOfList(text, at) : endOfWord(text, at);
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

function endOfList(text: string, from: number): number {
  const end = endOfWord(text, from);
  const isList = text[end - 1] === ',' || text.startsWith(' : ', end);
  const [list] = isList ? (leadingList.groups(text.slice(from)) ?? []) : [];
  return list === undefined ? end : from + list.length;
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
export function tokensExpression(text: string, { lists = false }: TokenOptions = {}): string {
  const isQuoted = `length(token) > 1 AND startsWith(token, '"') AND endsWith(token, '"')`;
  return `arrayMap(
    token -> if(${isQuoted}, substring(token, 2, length(token) - 2), token),
    arrayMap(found -> trimBoth(found), extractAll(trimRight(${text}), ${quoteString(tokenPattern(lists ? `${list}|${word}` : word))})))`;
}
