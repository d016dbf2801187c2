import { isSymbol, isWord, readSqlTokens, type SqlToken } from '../sql-tokens.ts';
import { refusal } from './refusal.ts';
import { refuseClauses } from './refuse-clauses.ts';
import { refuseNames } from './refuse-names.ts';

/**
 * Decides from the text alone whether a person's SQL may be asked, before the engine sees it. This is the friendly
 * wall, with a sentence for each refusal; a read-only session without rights to files and networks stands behind it.
 * It is the only wall against three things that the embedded engine itself allows to everybody: the function `file()`,
 * `INTO OUTFILE`, and several statements at once.
 *
 * @param tableFunctions names of the table functions of this very engine, so that new ones are refused as well
 * @returns the statement without its trailing `;`
 * @throws EngineError `TAILRACE_QUERY_REFUSED`
 */
export function classifyQuestion(sql: string, tableFunctions: Iterable<string> = []): string {
  const tokens = readSqlTokens(sql);
  let end = sql.length;
  while (isSymbol(tokens.at(-1), ';')) end = tokens.pop()?.at ?? end;
  const last = tokens.at(-1);
  if (last === undefined) throw refusal('it is empty', 'write a SELECT');
  if (last.kind === 'broken') {
    const start = JSON.stringify(last.text.slice(0, 20));
    throw refusal(`the quote or comment ${start} does not end, or holds another comment`, 'close it');
  }
  refuseStatement(tokens);
  refuseClauses(tokens);
  refuseNames(tokens, tableFunctions);
  return sql.slice(0, end);
}

function refuseStatement(tokens: readonly SqlToken[]): void {
  if (tokens.some((token) => isSymbol(token, ';'))) {
    throw refusal('it holds more than one statement', 'ask one at a time');
  }
  const first = tokens.find((token) => !isSymbol(token, '('));
  const opens = isSymbol(tokens[0], '(')
    ? isWord(first, 'select', 'with')
    : isWord(first, 'select', 'with', 'show', 'describe', 'desc', 'explain', 'exists');
  if (opens) return;
  throw refusal(
    `it begins with ${JSON.stringify(first?.text.slice(0, 20) ?? '(')}`,
    'only SELECT, WITH, SHOW, DESCRIBE, EXPLAIN and EXISTS are allowed',
  );
}
