import { isWord, readSqlTokens } from '../sql-tokens.ts';
import type { Settings } from '../statement-settings.ts';

/** No index in which patterns are looked up; see src/store/log-tables.ts. */
export const withoutPatternIndexes: Settings = { ignore_data_skipping_indices: 'message_words' };

/**
 * Whether an index could hide rows from a question. Of a pattern in which a backslash stands before an ordinary character, the
 * comparison takes the backslash for itself, and the index leaves it out (seen in 26.7). So no index is used for patterns that
 * have a backslash, or that are not written out.
 * @param normal as the engine writes the question: `LIKE` is always an operator there
 */
export function hasDoubtfulPattern(normal: string): boolean {
  const tokens = readSqlTokens(normal);
  return tokens.some((token, at) => {
    if (!isWord(token, 'like', 'ilike', 'notlike', 'notilike')) return false;
    const pattern = tokens[at + 1];
    return pattern?.kind !== 'string' || pattern.text.includes('\\');
  });
}
