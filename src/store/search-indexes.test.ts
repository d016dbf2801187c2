import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyPreparedStore } from '../../test/prepared-store.ts';
import type { Statement } from '../engine/engine.ts';
import { openStore, type Store } from './open-store.ts';

/** Texts whose parts are sought: what patterns, tokens and n-grams may disagree on. */
const texts = [
  '/Straße/Grüße/日本語/ページ.html',
  '/100%25/under_score/a%b_c\\d/',
  '/quo\'te/"double"/`back`/tab\there',
  '/wp-login.php/../.env',
  '/emoji/👩‍👩‍👧/𝒳',
  '/UPPER/lower/MiXeD/',
  '/broken/\u00ff\u0000/end',
  '-',
  '',
];

const url = process.env.TAILRACE_TEST_CLICKHOUSE_URL;
if (!url) console.info('skipped: searches on a ClickHouse server, because TAILRACE_TEST_CLICKHOUSE_URL is not set');

const ways = {
  'the same id': (needle: string) => `request_id = ${needle}`,
  'one of some ids': (needle: string) => `request_id IN (${needle}, 'none')`,
  'another id': (needle: string) => `request_id != ${needle}`,
  'an address': (needle: string) => `client_ip IN (${needle}, '7', '40000')`,
  'part of a path': (needle: string) => `path LIKE concat('%', ${needle}, '%')`,
  'part of a path in any case': (needle: string) => `path ILIKE concat('%', ${needle}, '%')`,
  'a pattern': (needle: string) => `path LIKE ${needle}`,
  'not a part': (needle: string) => `path NOT LIKE concat('%', ${needle}, '%')`,
  'a place': (needle: string) => `position(path, ${needle}) > 1`,
  'a beginning': (needle: string) => `startsWith(path, ${needle})`,
  'an end': (needle: string) => `endsWith(path, ${needle})`,
  'a word': (needle: string) => `has(splitByNonAlpha(path), ${needle})`,
  'several parts': (needle: string) => `multiSearchAny(path, [${needle}, 'nowhere'])`,
  'an expression': (needle: string) => `match(path, regexpQuoteMeta(${needle}))`,
  'none of two parts': (needle: string) => `NOT (path LIKE concat('%', ${needle}, '%') OR path LIKE '%page%')`,
  'one path': (needle: string) => `path = ${needle}`,
};

const part = fc
  .tuple(fc.constantFrom(...texts, '/page/17.html', '/page/4999.html'), fc.nat(20), fc.integer({ min: 0, max: 20 }))
  .map(([text, from, length]) => [...text].slice(from, from + length).join(''));
const needle = fc.oneof(
  { weight: 4, arbitrary: part },
  { weight: 1, arbitrary: part.map((text) => text.toUpperCase()) },
  { weight: 1, arbitrary: fc.constantFrom('', '%', '_', '\\\\', '%%', '/', 'a', '%page_17%', '%\\%%', 'é', 'ß') },
  { weight: 1, arbitrary: fc.string({ maxLength: 8, unit: fc.constantFrom('/', 'a', '%', '_', '.', 'ü', '1') }) },
);

/** A backslash before an ordinary character is what the engine's index takes otherwise. */
const known = [
  'c\\d/',
  '%c\\d/%',
  '\\\\',
  'b_c',
  '%25',
  'Grüße',
  '日本',
  "quo'te",
  'wp-login',
  'page/4999',
  '/emoji/👩',
  '',
];

describe.each(
  [
    { engine: 'embedded', isEmbedded: true },
    { engine: 'server', isEmbedded: false },
  ].filter(({ isEmbedded }) => isEmbedded || url),
)('$engine', ({ isEmbedded }) => {
  let store: Store;
  let directory: string;
  const database = `tailrace_search_${process.pid}`;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tailrace-search-'));
    // Columns look edge locations up in the database that a store has by default.
    if (!isEmbedded) await openStore({ url: url ?? '' }).then((usual) => usual.close());
    store = await openStore(isEmbedded ? { directory: copyPreparedStore(directory) } : { url: url ?? '', database });
    await store.engine.run({ sql: 'SYSTEM STOP MERGES requests' });
    await insertRows(store);
  });

  afterAll(async () => {
    if (!isEmbedded) await store?.engine.run({ sql: `DROP DATABASE ${database}` });
    await store?.close();
    await rm(directory, { recursive: true, force: true });
  });

  test.each(Object.entries(ways))('%s finds the same rows with and without indexes', async (_, condition) => {
    await fc.assert(
      fc.asyncProperty(fc.array(needle, { minLength: 12, maxLength: 12 }), async (needles) => {
        const sql = needles
          .map(
            (_, at) => `SELECT ${at} AS needle, count() AS found, sum(line_number) AS lines, max(line_number) AS last
          FROM requests WHERE ${condition(`{n${at}:String}`)}`,
          )
          .join(' UNION ALL ');
        const params = Object.fromEntries(needles.map((text, at) => [`n${at}`, text]));
        const statement = { sql: `SELECT * FROM (${sql}) ORDER BY needle`, params };
        const settings = { use_skip_indexes: 0, ...(isEmbedded && { use_query_condition_cache: 0 }) };
        expect(await ask(store, statement)).toEqual(await store.engine.rows({ ...statement, settings }));
      }),
      { numRuns: 2, examples: [[known]] },
    );
  });

  test.each([
    ["client_ip = '40000x'", { client_ip_filter: 0 }],
    ["path LIKE '%nowhere%'", { path_parts: 0 }],
    // Granules of seven that the first leaves to the second.
    ["request_id = 'nowhere'", { request_id_first: 1, request_id_last: 0 }],
  ])('what is nowhere is sought in the index alone: %s', async (condition, left) => {
    expect(await granules(store, condition)).toEqual(left);
  });
});

/** As people's questions are answered. */
async function ask({ engine }: Store, statement: Statement): Promise<unknown[]> {
  const lines = await text(Readable.from(engine.ask(statement, { format: 'JSONEachRow' })));
  return lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line, (_, value) => (/^\d+$/.test(value) ? Number(value) : value)));
}

/** Several granules of common values, and a text now and then. */
async function insertRows({ engine }: Store): Promise<void> {
  await engine.run({
    sql: `
      INSERT INTO requests (time, client_ip, line_number, request_id, path)
      WITH {texts:Array(String)} AS texts,
        if(number % 3001 = 7, texts[1 + number % length(texts)], concat('/page/', toString(cityHash64(number) % 5000), '.html')) AS text
      SELECT '2026-03-01 00:00:00', toString(number), number, if(number % 3001 = 7, text, hex(cityHash64(number, 1))), text
      FROM numbers(50000)`,
    params: { texts },
  });
}

/** Granules that remain after each search index. */
async function granules({ engine }: Store, condition: string): Promise<Record<string, number>> {
  const rows = await engine.rows<{ explain: string }>({
    sql: `EXPLAIN indexes = 1, json = 1 SELECT count() FROM requests WHERE ${condition}`,
  });
  const plan = rows.map(({ explain }) => explain).join('');
  const found = [...plan.matchAll(/"Name": "(\w+_(?:filter|parts|first|last))",[^}]*?"Selected Granules": (\d+)/g)];
  return Object.fromEntries(found.map(([, name, left]) => [name, Number(left)]));
}
