import { isSymbol, isWord, type SqlToken } from '../sql-tokens.ts';
import { refusal } from './refusal.ts';

/** Refuses clauses beyond the SELECT itself: writing a file, another format, other limits, an INSERT. */
export function refuseClauses(tokens: readonly SqlToken[]): void {
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'word') continue;
    const next = tokens[index + 1];
    if (isWord(token, 'into') && isWord(next, 'outfile')) {
      throw refusal('INTO OUTFILE would write a file on the server', 'choose an output format and save the answer');
    }
    if (isWord(token, 'insert') && isWord(next, 'into')) {
      throw refusal('it would insert rows', 'questions can only read');
    }
    if (isWord(token, 'parallel') && isWord(next, 'with')) {
      throw refusal('it holds more than one statement', 'ask one at a time');
    }
    if (isWord(token, 'settings') && isName(next) && isSymbol(tokens[index + 2], '=')) {
      throw refusal('its limits are fixed, so it may not have a SETTINGS clause', 'remove the SETTINGS clause');
    }
    if (isFormatClause(tokens, index)) {
      throw refusal('it may not have a FORMAT clause', 'remove it and choose the output option instead');
    }
  }
}

function isName(token: SqlToken | undefined): boolean {
  return token?.kind === 'word' || token?.kind === 'quoted';
}

/** Words after which `format` is a name: the clause follows a complete query, never one of these. */
const beforeName = ['select', 'distinct', 'by', 'where', 'and', 'or', 'not', 'on', 'using', 'having', 'prewhere', 'as'];

/** `… FORMAT Name` at the end of the text or of the query; a column may be called `format`. */
function isFormatClause(tokens: readonly SqlToken[], index: number): boolean {
  if (!isWord(tokens[index], 'format') || !isName(tokens[index + 1])) return false;
  const before = tokens[index - 1];
  if (before === undefined || isWord(before, ...beforeName)) return false;
  if (before.kind === 'symbol' && before.text !== ')' && before.text !== ']' && before.text !== '*') return false;
  const after = tokens[index + 2];
  return after === undefined || isWord(after, 'settings', 'into');
}
