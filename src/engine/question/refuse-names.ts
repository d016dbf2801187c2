import { isSymbol, isWord, type SqlToken } from '../sql-tokens.ts';
import { isAllowedFunction, outsideFunctions } from './allowed-functions.ts';
import { refusal, refuseTableFunction } from './refusal.ts';
import { allowedSystemTables, knownTableFunctions, refusedShows } from './refused-names.ts';

/** Refuses functions and tables that reach outside the store, with a reason for each; `judgeTree` refuses the rest. */
export function refuseNames(tokens: readonly SqlToken[]): void {
  refuseShow(tokens);
  for (const [index, token] of tokens.entries()) {
    if (isSymbol(token, '{')) refuseIdentifierPlaceholder(tokens, index);
    if (token.kind !== 'word' && token.kind !== 'quoted') continue;
    const name = token.text.toLowerCase();
    if (isSymbol(tokens[index + 1], '(') && isRefusedTableFunction(name)) throw refuseTableFunction(token.text);
    if (outsideFunctions.has(name) && !isColumnOfTable(tokens, index)) {
      const remedy = name === 'file' ? 'give the column or alias another name' : 'ask the tables of the store';
      throw refusal(`"${token.text}" is a function that reaches outside of the store`, remedy);
    }
    if (name === 'system' && isSymbol(tokens[index + 1], '.')) refuseSystemTable(tokens[index + 2]);
  }
}

function isRefusedTableFunction(name: string): boolean {
  return knownTableFunctions.has(name) && !isAllowedFunction(name);
}

/** In `t.file`, `file` is a column. After a number the dot belongs to the number. */
function isColumnOfTable(tokens: readonly SqlToken[], index: number): boolean {
  const owner = tokens[index - 2];
  return isSymbol(tokens[index - 1], '.') && (owner?.kind === 'word' || owner?.kind === 'quoted');
}

function refuseSystemTable(table: SqlToken | undefined): void {
  if (table !== undefined && allowedSystemTables.has(table.text.toLowerCase())) return;
  throw refusal(
    `system.${table?.text ?? ''} reveals details of the machine or other users' queries`,
    'ask the tables of the store; SHOW TABLES lists them',
  );
}

/** `SHOW PROCESSLIST`, `SHOW FULL PROCESSLIST`, `SHOW CREATE USER` … */
function refuseShow(tokens: readonly SqlToken[]): void {
  if (!isWord(tokens[0], 'show')) return;
  const what = tokens.slice(1).find((token) => !isWord(token, 'full', 'extended', 'create', 'changed', 'temporary'));
  if (what === undefined || !refusedShows.has(what.text.toLowerCase())) return;
  throw refusal(
    `SHOW ${what.text.toUpperCase()} reveals details of the machine or of other users`,
    'use SHOW TABLES, SHOW CREATE TABLE or SHOW COLUMNS',
  );
}

/** `{x:Identifier}` would let a value name something that the text may not. */
function refuseIdentifierPlaceholder(tokens: readonly SqlToken[], index: number): void {
  if (!isSymbol(tokens[index + 2], ':') || !isWord(tokens[index + 3], 'identifier')) return;
  throw refusal('a value may not name a table or column', 'write the name into the query');
}
