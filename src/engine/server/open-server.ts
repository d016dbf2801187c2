import type { Engine, Limits } from '../engine.ts';
import { EngineError } from '../engine-error.ts';
import { findQuestionUser, type QuestionUser } from './question-user.ts';
import { type ServerAddress, ServerConnection } from './server-connection.ts';
import { ServerEngine } from './server-engine.ts';

const writers = 2;
const defaultReaders = 4;
const askers = 4;

/**
 * Connects to a ClickHouse server and creates the database if missing.
 *
 * @throws EngineError `TAILRACE_STORE_UNAVAILABLE`
 */
export async function openServer(
  store: ServerAddress & {
    readonly database?: string;
    readonly questions?: QuestionUser;
  },
  options: { readonly limits: Limits; readonly readers?: number },
): Promise<Engine> {
  const database = store.database ?? 'tailrace';
  const version = await prepareDatabase(store, database);
  const writer = new ServerConnection(store, database, writers);
  const asking = await findQuestionUser(store, database, writer, store.questions);
  return new ServerEngine({
    version,
    limits: options.limits,
    database,
    writer,
    reader: new ServerConnection(store, database, options.readers ?? defaultReaders),
    asker:
      asking instanceof EngineError ? asking : new ServerConnection({ url: store.url, ...asking }, database, askers),
  });
}

/** Checks first whether it exists, because its users often may not create a database. @returns the version */
async function prepareDatabase(store: ServerAddress, database: string): Promise<string> {
  const connection = new ServerConnection(store, 'default', 1);
  try {
    const answer = await connection.collect({
      sql: `
        SELECT version(), (SELECT count() FROM system.databases WHERE name = {database:String})
        FORMAT TSVRaw`,
      params: { database },
    });
    const [version = '', exists = '0'] = answer.toString().trim().split('\t');
    if (exists === '0') {
      await connection.collect({ sql: 'CREATE DATABASE IF NOT EXISTS {database:Identifier}', params: { database } });
    }
    return version;
  } finally {
    await connection.close();
  }
}
