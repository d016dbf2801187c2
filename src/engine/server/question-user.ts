import { createHash } from 'node:crypto';
import { quoteIdentifier } from '../../schema/quote-identifier.ts';
import { linearPattern } from '../../text/linear-pattern.ts';
import { quoteString } from '../bound-parameter.ts';
import type { EngineError } from '../engine-error.ts';
import { refusal } from '../question/refusal.ts';
import { type ServerAddress, ServerConnection } from './server-connection.ts';

/** The user for questions on a server: it may read the tables of the store and nothing else. */
export interface QuestionUser {
  readonly user: string;
  readonly password: string;
}

const rights = ['SELECT', 'SHOW', 'dictGet'];

/**
 * Creates the user for questions if the store's own user may, or checks the configured one.
 *
 * @returns the user, or the error for every question
 */
export async function findQuestionUser(
  address: ServerAddress,
  database: string,
  own: ServerConnection,
  configured: QuestionUser | undefined,
): Promise<QuestionUser | EngineError> {
  const user = configured ?? { user: `tailrace_question_${database}`, password: derivePassword(address, database) };
  try {
    if (configured === undefined) for (const sql of creation(user, database)) await own.collect({ sql });
    const excess = await findExcess(address, database, user);
    return excess === undefined ? user : tooManyRights(user.user, excess, database);
  } catch (error) {
    return noUser(error, database);
  }
}

/** The same for every worker of a store. Only those who know the store's own password can derive it. */
function derivePassword({ password = '', user = 'default' }: ServerAddress, database: string): string {
  return createHash('sha256').update(`tailrace question\0${user}\0${password}\0${database}`).digest('base64url');
}

function creation({ user, password }: QuestionUser, database: string): string[] {
  const name = quoteIdentifier(user);
  return [
    `CREATE USER IF NOT EXISTS ${name} IDENTIFIED WITH sha256_password BY ${quoteString(password)}`,
    // The store's own password may have changed since then.
    `ALTER USER ${name} IDENTIFIED WITH sha256_password BY ${quoteString(password)}`,
    `GRANT ${rights.join(', ')} ON ${quoteIdentifier(database)}.* TO ${name}`,
  ];
}

/** A grant of the user beyond reading the tables of this database. */
async function findExcess(address: ServerAddress, database: string, user: QuestionUser): Promise<string | undefined> {
  const connection = new ServerConnection({ url: address.url, ...user }, database, 1);
  try {
    const grants = (await connection.collect({ sql: 'SHOW GRANTS FORMAT TSVRaw' })).toString().trim().split('\n');
    const onDatabase = `(?:${database}|\`${database}\`)\\.`;
    const reading = linearPattern(
      `^GRANT (?:SELECT|SHOW(?: [A-Z]+)*|dictGet)(?:\\([^)]*\\))?(?:, (?:SELECT|SHOW(?: [A-Z]+)*|dictGet)(?:\\([^)]*\\))?)* ON ${onDatabase}`,
    );
    return grants.find((grant) => grant !== '' && !reading.test(grant));
  } finally {
    await connection.close();
  }
}

function noUser(cause: unknown, database: string): EngineError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return refusal(
    `there is no user for questions on the server (${reason})`,
    `let an administrator run: CREATE USER tailrace_reader IDENTIFIED BY '…'; GRANT ${rights.join(', ')} ON ${database}.* TO tailrace_reader; and name it in store.questionUser and store.questionPassword`,
  );
}

function tooManyRights(user: string, grant: string, database: string): EngineError {
  return refusal(
    `the user for questions "${user}" may do more than read (${grant})`,
    `leave it ${rights.join(', ')} ON ${database}.* alone`,
  );
}
