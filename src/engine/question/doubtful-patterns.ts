import type { Statement } from '../engine.ts';
import { isSymbol, isWord, readSqlTokens, type SqlToken } from '../sql-tokens.ts';
import type { Settings } from '../statement-settings.ts';

/** The indexes in which patterns are looked up; see src/store/log-tables.ts and search-indexes.ts. */
const patternIndexes = ['message_words', 'path_parts'];

export const withoutPatternIndexes: Settings = { ignore_data_skipping_indices: patternIndexes.join() };

/**
 * Whether an index could hide rows from a question. Of a pattern in which a backslash stands before an ordinary character, the
 * comparison takes the backslash for itself, and the index leaves it out (seen in 26.7). So no index is used for patterns that
 * have a backslash, or whose text is not known here: known are literals, parameters, and both joined by `concat`.
 * @param normal as the engine writes the question: `LIKE` is always an operator there, and `||` is `concat`
 */
export function hasDoubtfulPattern(normal: string, params: Statement['params'] = {}): boolean {
  const tokens = readSqlTokens(normal);
  return tokens.some((token, at) => {
    if (!isWord(token, 'like', 'ilike', 'notlike', 'notilike')) return false;
    const pattern = readPattern(tokens, at + 1, params);
    return pattern === undefined || pattern.text.includes('\\') || !endsPattern(tokens[pattern.end]);
  });
}

interface Pattern {
  readonly text: string;
  readonly end: number;
}

function readPattern(tokens: readonly SqlToken[], at: number, params: Statement['params']): Pattern | undefined {
  if (isWord(tokens[at], 'concat') && isSymbol(tokens[at + 1], '(')) return readJoined(tokens, at + 2, params);
  return readText(tokens, at, params);
}

function readJoined(tokens: readonly SqlToken[], from: number, params: Statement['params']): Pattern | undefined {
  let text = '';
  for (let at = from; ; at++) {
    const part = readText(tokens, at, params);
    if (!part) return undefined;
    text += part.text;
    at = part.end;
    if (isSymbol(tokens[at], ')')) return { text, end: at + 1 };
    if (!isSymbol(tokens[at], ',')) return undefined;
  }
}

/** A literal, or `{name:String}`. */
function readText(tokens: readonly SqlToken[], at: number, params: Statement['params'] = {}): Pattern | undefined {
  const [first, name, , type] = tokens.slice(at, at + 4);
  if (first?.kind === 'string') return { text: first.text, end: at + 1 };
  if (!isSymbol(first, '{') || !isWord(type, 'string') || !isSymbol(tokens[at + 4], '}')) return undefined;
  const value = params[name?.text ?? ''];
  return typeof value === 'string' ? { text: value, end: at + 5 } : undefined;
}

/** Anything else may be an operator that changes the text. */
function endsPattern(next: SqlToken | undefined): boolean {
  return next === undefined || next.kind === 'word' || isSymbol(next, ')') || isSymbol(next, ',');
}
