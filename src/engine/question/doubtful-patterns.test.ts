import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyPreparedStore } from '../../../test/prepared-store.ts';
import { lineKinds } from '../../schema/line-kinds.ts';
import { openStore, type Store } from '../../store/open-store.ts';
import { hasDoubtfulPattern } from './doubtful-patterns.ts';

const messages = ['C:\\Users\\bob logged in', 'C:Users bob', '100% of _all_ \\% done', 'a plain word'];
let store: Store;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-patterns-'));
  store = await openStore({ directory: copyPreparedStore(directory) });
  await store.engine.run({
    sql: `INSERT INTO landing_logs (object, line_number, line_bytes, line, kind, origin, time, message, batch)
          SELECT 1, number, 1, 'x', {row:UInt8}, 'o', '2026-03-01 00:00:00', message, 7
          FROM (SELECT number, arrayElement({messages:Array(String)}, number + 1) AS message FROM numbers(4))`,
    params: { row: lineKinds.row, messages },
  });
});

afterAll(async () => {
  await store?.close();
  await rm(directory, { recursive: true, force: true });
});

test.each([
  String.raw`message LIKE '%C:\Users\\bob %'`,
  String.raw`message LIKE '%C:\\Users\\bob %'`,
  String.raw`message LIKE '%C:\\\\Users\\\\bob %'`,
  String.raw`like(message, '%C:\\Users\\bob %')`,
  String.raw`message ILIKE '%c:\\users\\bob %'`,
  `message LIKE concat('%C:', char(92), 'Users', char(92), 'bob %')`,
  `message LIKE {pattern:String}`,
  `message LIKE concat('%', {part:String}, '%')`,
  `message LIKE '%C:' || {rest:String}`,
  String.raw`message NOT LIKE '%C:\\Users\\bob %'`,
  String.raw`message LIKE '% \\\\\\% done'`,
  `message LIKE '% plain %'`,
])('%s finds the same with and without indexes', async (condition) => {
  const params = condition.includes('{')
    ? { pattern: '%C:\\Users\\bob %', part: 'C:\\Users\\bob ', rest: '\\Users\\bob %' }
    : {};
  const sql = `SELECT message FROM logs WHERE ${condition} ORDER BY message`;
  const bare = await store.engine.rows({ sql, params, settings: { use_skip_indexes: 0 } });
  const asked = await text(Readable.from(store.engine.ask({ sql, params }, { format: 'JSONEachRow' })));
  expect(bare.length).toBeGreaterThan(0);
  expect(
    asked
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(bare);
});

test.each([
  "message LIKE '% plain %'",
  'message LIKE {pattern:String}',
  "message LIKE concat('% ', {word:String}, ' %')",
  "message LIKE '% ' || {word:String} || ' %' AND message NOT LIKE {other:String}",
])('%s is sought in the index, for its text is known and has no backslash', async (condition) => {
  const sql = `EXPLAIN indexes = 1 SELECT count() FROM logs WHERE ${condition}`;
  const params = { pattern: '% plain %', word: 'plain', other: '%x%' };
  expect(await text(Readable.from(store.engine.ask({ sql, params }, { format: 'TSVRaw' })))).toContain('message_words');
});

test.each([
  "message LIKE concat('% ', lower({word:String}))",
  "message LIKE concat('% ', {word:FixedString(5)})",
  "message LIKE concat('% ', {missing:String})",
  "message LIKE ['% plain %', 'x'][2]",
  'message LIKE message',
])('%s is not: its text is unknown', (condition) => {
  expect(hasDoubtfulPattern(`SELECT ${condition}`, { word: 'plain' })).toBe(true);
});
