import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyPreparedStore } from '../../test/prepared-store.ts';
import { lineKinds } from '../schema/line-kinds.ts';
import { openStore, type Store } from './open-store.ts';

let store: Store;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-log-tables-'));
  store = await openStore({ directory: copyPreparedStore(directory) });
});

afterAll(async () => {
  await store?.close();
  await rm(directory, { recursive: true, force: true });
});

test('a line lands where its kind belongs, and is counted', async () => {
  await store.engine.run({
    sql: `
      INSERT INTO landing_logs (object, line_number, line_bytes, line, kind, reason, origin, time, message, batch)
      SELECT 1, number, 3, 'abc', number, if(number = {reject:UInt8}, 'why', ''), 'o', '2026-03-01 00:00:00', 'disk almost full', 7
      FROM numbers(3)`,
    params: { reject: lineKinds.reject },
  });
  const count = async (table: string, columns: string) =>
    (await store.engine.rows<object>({ sql: `SELECT ${columns} FROM ${table} WHERE batch = 7` }))[0];
  expect(await count('logs', 'count() AS rows')).toEqual({ rows: 1 });
  expect(
    await count('rejects', 'count() AS rows, any(line) AS line, any(reason) AS reason, any(line_number) AS number'),
  ).toEqual({
    rows: 1,
    line: 'abc',
    reason: 'why',
    number: lineKinds.reject + 1,
  });
  expect(
    await count(
      'tallies',
      'sum(lines) AS lines, sum(comments) AS comments, sum(rejected) AS rejected, sum(content_bytes) AS bytes',
    ),
  ).toEqual({ lines: 3, comments: 1, rejected: 1, bytes: 12 });
});

test('words of messages are found by an index', async () => {
  const plan = await store.engine.rows<{ explain: string }>({
    sql: "EXPLAIN indexes = 1 SELECT count() FROM logs WHERE hasToken(message, 'almost')",
  });
  expect(plan.map(({ explain }) => explain).join('\n')).toContain('message_words');
});
