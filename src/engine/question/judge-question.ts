import type { Statement } from '../engine.ts';
import { EngineError } from '../engine-error.ts';
import { isSymbol, isWord, readSqlTokens, type SqlToken } from '../sql-tokens.ts';
import { isAllowedShow } from './allowed-shows.ts';
import { judgeTree } from './judge-tree.ts';
import { refusal } from './refusal.ts';
import { refuseClauses } from './refuse-clauses.ts';
import { refuseNames } from './refuse-names.ts';

/** A text of this length takes a second to parse at worst. Longer lists of values belong into parameters. */
const maxQuestionBytes = 256 * 1024;

/** Runs a statement in a session that may do nothing but this, and returns the bytes of its answer. */
export type ReadAnswer = (statement: Statement, format: string) => Promise<Buffer>;

/**
 * Decides whether a person's SQL may be asked. The engine itself is the judge of what a text says: it writes the
 * statement down in its own normal form, which has no comments, heredocs or odd spellings, and takes exactly one
 * statement; that text is looked at, its syntax tree is held against lists of what is allowed, and that text is run.
 *
 * @returns the statement to run instead of `sql`
 * @throws EngineError `TAILRACE_QUERY_REFUSED`; `TAILRACE_QUERY_FAILED` when the engine does not understand it
 */
export async function judgeQuestion(
  { sql, params = {} }: Pick<Statement, 'sql' | 'params'>,
  read: ReadAnswer,
  database = 'tailrace',
): Promise<string> {
  if (sql.trim() === '') throw refusal('it is empty', 'write a SELECT');
  if (Buffer.byteLength(sql) > maxQuestionBytes)
    throw refusal('it is longer than 256 KiB', 'pass long lists in params');
  const normal = await normalize(sql, read);
  const tokens = readSqlTokens(normal);
  // The normal form has neither, so whatever follows would be read by two lexers in two ways.
  if (tokens.some((token) => token.kind === 'broken' || isSymbol(token, '$'))) {
    throw refusal('it holds a text that cannot be read safely', 'write it without "$" and unusual quotes');
  }
  if (tokens.some(({ kind, text }) => kind === 'quoted' && /[\n\r]/.test(text))) {
    throw refusal('a name in it holds a line break', 'choose another alias');
  }
  refuseStatement(tokens);
  refuseClauses(tokens);
  refuseNames(tokens);
  if (!isAllowedShow(normal, database)) judgeTree(await explain(normal, params, read), database);
  return normal;
}

const beginnings = ['select', 'with', 'show', 'describe', 'explain', 'exists'];

function refuseStatement(tokens: readonly SqlToken[]): void {
  const first = tokens.find((token) => !isSymbol(token, '('));
  if (isWord(first, ...beginnings)) return;
  throw refusal(
    `it begins with ${JSON.stringify(first?.text.slice(0, 20) ?? '(')}`,
    'only SELECT, WITH, SHOW, DESCRIBE, EXPLAIN and EXISTS are allowed',
  );
}

async function normalize(sql: string, read: ReadAnswer): Promise<string> {
  try {
    const statement = { sql: 'SELECT formatQuerySingleLine({tailrace_question:String})' };
    return readText(await read({ ...statement, params: { tailrace_question: sql } }, 'TSVRaw')).replace(/\n$/, '');
  } catch (error) {
    throw explainSyntax(error);
  }
}

async function explain(sql: string, params: Statement['params'], read: ReadAnswer): Promise<string> {
  const answer = await read({ sql: `EXPLAIN AST ${sql}`, ...(params === undefined ? {} : { params }) }, 'TSVRaw');
  return answer.toString();
}

/** Bytes that are not UTF-8 stand in literals only, where an escape means the same. */
function readText(bytes: Buffer): string {
  const text = bytes.toString();
  if (!text.includes('\ufffd')) return text;
  return bytes.toString('latin1').replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}

/** The engine's words about the text that was typed, without those about how it was asked. */
function explainSyntax(error: unknown): unknown {
  if (!(error instanceof EngineError) || error.code !== 'TAILRACE_QUERY_FAILED') return error;
  if (/Multi-statements are not allowed/.test(error.message)) {
    return refusal('it holds more than one statement', 'ask one at a time');
  }
  if (/Empty query/.test(error.message)) return refusal('it is empty', 'write a SELECT');
  const message = error.message.split(': In scope SELECT formatQuerySingleLine(')[0] ?? error.message;
  return new EngineError(error.code, message, { cause: error });
}
