import type { Statement } from '../engine.ts';
import { EngineError } from '../engine-error.ts';
import { isSymbol, isWord, readSqlTokens, type SqlToken } from '../sql-tokens.ts';
import { isAllowedShow } from './allowed-shows.ts';
import { judgeTree, type QuestionReach } from './judge-tree.ts';
import { refusal } from './refusal.ts';
import { refuseClauses } from './refuse-clauses.ts';
import { refuseNames } from './refuse-names.ts';

/** A text of this length takes at most a second to parse. Longer lists of values belong in parameters. */
const maxQuestionBytes = 256 * 1024;

/** Runs a statement in a session without other rights, and returns the bytes of its answer. */
export type ReadAnswer = (statement: Statement, format: string) => Promise<Buffer>;

/**
 * Decides whether a user's SQL is allowed. The engine itself interprets the text: it writes the
 * statement in its normal form, which has no comments, heredocs or odd spellings, and accepts exactly one
 * statement; that text is checked, its syntax tree is compared with allow lists, and that text is run.
 *
 * @returns the statement to run instead of `sql`
 * @throws EngineError `TAILRACE_QUERY_REFUSED`; `TAILRACE_QUERY_FAILED` when the engine cannot parse it
 */
export async function judgeQuestion(
  { sql, params = {} }: Pick<Statement, 'sql' | 'params'>,
  read: ReadAnswer,
  reach: QuestionReach = { database: 'tailrace', hasLake: false },
): Promise<string> {
  if (sql.trim() === '') throw refusal('it is empty', 'write a SELECT');
  if (Buffer.byteLength(sql) > maxQuestionBytes)
    throw refusal('it is longer than 256 KiB', 'pass long lists in params');
  const normal = await normalize(sql, read);
  const tokens = readSqlTokens(normal);
  // The normal form has neither, so two lexers could read the rest differently.
  if (tokens.some((token) => token.kind === 'broken' || isSymbol(token, '$'))) {
    throw refusal('it holds a text that cannot be read safely', 'write it without "$" and unusual quotes');
  }
  if (tokens.some(({ kind, text }) => kind === 'quoted' && /[\n\r]/.test(text))) {
    throw refusal('a name in it holds a line break', 'choose another alias');
  }
  refuseStatement(tokens);
  refuseClauses(tokens);
  refuseNames(tokens);
  if (!isAllowedShow(normal, reach.database)) judgeTree(await explain(normal, params, read), reach);
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

/** Bytes that are not UTF-8 occur only in literals, where an escape means the same. */
function readText(bytes: Buffer): string {
  const text = bytes.toString();
  if (!text.includes('\ufffd')) return text;
  return bytes.toString('latin1').replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}

/** The engine's message about the typed text, without the wrapping statement. */
function explainSyntax(error: unknown): unknown {
  if (!(error instanceof EngineError) || error.code !== 'TAILRACE_QUERY_FAILED') return error;
  if (/Multi-statements are not allowed/.test(error.message)) {
    return refusal('it holds more than one statement', 'ask one at a time');
  }
  if (/Empty query/.test(error.message)) return refusal('it is empty', 'write a SELECT');
  const message = error.message.split(': In scope SELECT formatQuerySingleLine(')[0] ?? error.message;
  return new EngineError(error.code, message, { cause: error });
}
