import { createClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultLimits, openEngine } from '../../src/engine/open-engine.ts';
import { readAll } from '../conformance/read-all.ts';

const url = process.env.TAILRACE_TEST_CLICKHOUSE_URL;
if (!url) console.info('skipped test/integration/server-questions: set TAILRACE_TEST_CLICKHOUSE_URL');

/** On a server the rights of the query user are the wall behind the judgement of a query. */
describe.skipIf(!url)('questions on a ClickHouse server', () => {
  const database = `tailrace_questions_${process.pid}`;
  const other = `${database}_other`;
  // Skipped suites make no calls, but their bodies run.
  const admin = createClient(url === undefined ? {} : { url });
  const open = (store: object = {}) => openEngine({ url: url ?? '', database, ...store }, { limits: defaultLimits });
  const ask = async (store: object, sql: string) => {
    const engine = await open(store);
    try {
      return await readAll(engine.ask({ sql }, { format: 'TSV' }));
    } finally {
      await engine.close();
    }
  };
  const user = (name: string) => ({ user: `${database}_${name}`, password: 'p' });
  const makeUser = async (name: string, ...grants: readonly string[]) => {
    await admin.command({ query: `CREATE USER ${user(name).user} IDENTIFIED BY 'p'` });
    for (const grant of grants) await admin.command({ query: `GRANT ${grant} TO ${user(name).user}` });
  };

  beforeAll(async () => {
    for (const name of [database, other]) {
      await admin.command({ query: `CREATE DATABASE ${name}` });
      await admin.command({ query: `CREATE TABLE ${name}.t (a UInt8) ENGINE = MergeTree ORDER BY a` });
      await admin.command({ query: `INSERT INTO ${name}.t VALUES (7)` });
    }
    await makeUser('reader', `SELECT ON ${database}.*`);
    await makeUser('writer', `SELECT ON ${database}.*`, `INSERT ON ${database}.*`);
    await makeUser('elsewhere', `SELECT ON ${database}.*`, `SELECT ON ${other}.*`);
    await makeUser('owner', `CREATE DATABASE, SELECT, INSERT ON ${database}.*`);
  });
  afterAll(async () => {
    for (const name of [database, other]) await admin.command({ query: `DROP DATABASE IF EXISTS ${name}` });
    const made = `tailrace_question_${database}`;
    for (const name of [made, ...['reader', 'writer', 'elsewhere', 'owner'].map((part) => user(part).user)]) {
      await admin.command({ query: `DROP USER IF EXISTS ${name}` });
    }
    await admin.close();
  });

  it('are asked by a user that was made for them, and that sees this database alone', async () => {
    expect(await ask({}, 'SELECT a, currentUser() FROM t')).toBe(`7\ttailrace_question_${database}\n`);
    await expect(ask({}, `SELECT a FROM ${other}.t`)).rejects.toMatchObject({ code: 'TAILRACE_QUERY_REFUSED' });
    const asUser = createClient({ url: url ?? '', username: user('reader').user, password: 'p' });
    await expect(asUser.query({ query: `SELECT a FROM ${other}.t` })).rejects.toThrow(/Not enough privileges/);
    await asUser.close();
  });

  it('are asked by the user that the configuration names', async () => {
    const questions = user('reader');
    expect(await ask({ questions }, 'SELECT currentUser()')).toBe(`${questions.user}\n`);
  });

  it.each(['writer', 'elsewhere'])('are refused for a user with further rights: %s', async (name) => {
    await expect(ask({ questions: user(name) }, 'SELECT 1')).rejects.toMatchObject({
      code: 'TAILRACE_QUERY_REFUSED',
      message: expect.stringMatching(/may do more than read/),
    });
  });

  it('are refused, with what to do, where no user can be made', async () => {
    await expect(ask(user('owner'), 'SELECT 1')).rejects.toMatchObject({
      code: 'TAILRACE_QUERY_REFUSED',
      message: expect.stringMatching(/CREATE USER tailrace_reader.*GRANT SELECT, SHOW, dictGet.*store\.questionUser/),
    });
  });
});
