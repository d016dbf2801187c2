import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findLogFormat } from '../formats/logs/catalog.ts';
import type { LineRules } from '../layouts/line-rules.ts';
import { isSound, verifyStore } from '../ledger/verify/verify-store.ts';
import { ingestFiles } from './ingest-files.ts';
import { ScratchStore } from './test-doubles/scratch-store.ts';

let scratch: ScratchStore;

beforeAll(async () => {
  scratch = await ScratchStore.open();
});

afterAll(() => scratch.close());

const format = findLogFormat('text');
if (!format) throw new Error('BUG: there is no format for text');

async function ingest(name: string, content: string | Buffer, rules: LineRules, isText = false) {
  const path = scratch.file(name, content);
  const options = {
    spoolDirectory: join(scratch.root, 'spool'),
    ...(isText ? { hints: { logFormat: format as never } } : {}),
  };
  const { failed, ...books } = await ingestFiles({ ...scratch.store, rules }, [path], options);
  expect(failed).toEqual([]);
  expect(books.rows + books.rejected + books.comments + books.excluded).toBe(books.lines);
  const rows = (table: string) =>
    scratch.store.engine.rows<Record<string, unknown>>({
      sql: `SELECT * FROM ${table} WHERE batch IN (SELECT batch FROM ledger WHERE origin = {path:String}) ORDER BY 1, 2`,
      params: { path },
    });
  return { books, path, rows };
}

const combined = (path: string, more = '"-" "curl/8.0"', client = '203.0.113.9') =>
  `${client} - - [01/Mar/2026:12:00:00 +0000] "GET ${path} HTTP/1.1" 200 5 ${more}\n`;

test('what is left out is counted and goes nowhere; rejects and comments are told apart from it', async () => {
  const content = `${combined('/a')}${combined('/health')}${combined('/b', '"-" "probe"')}not a line\nhealth is no line\n\n`;
  const { books, path, rows } = await ingest('a.log', content, {
    exclude: [{ pattern: 'health' }, { column: 'user_agent', pattern: '^probe$' }],
  });
  expect(books).toMatchObject({ lines: 6, rows: 1, rejected: 1, comments: 1, excluded: 3 });
  expect((await rows('requests')).map((row) => row.path)).toEqual(['/a']);
  expect((await rows('rejects')).map((row) => row.line)).toEqual(['not a line']);
  const [entry] = await scratch.store.engine.rows({
    sql: 'SELECT lines, rows, rejected, comments, excluded FROM ledger WHERE origin = {path:String}',
    params: { path },
  });
  expect(entry).toEqual({ lines: 6, rows: 1, rejected: 1, comments: 1, excluded: 3 });
});

test('only what is included is stored, of applications as well, by attributes too', async () => {
  const lines = Array.from(
    { length: 4 },
    (_, n) => `{"time":"2026-03-01T12:00:0${n}Z","msg":"m${n}","tenant":"t${n % 2}"}\n`,
  );
  const { books, rows } = await ingest('b.log', lines.join(''), {
    include: [{ column: 'tenant', pattern: '^t1$' }],
    exclude: [{ column: 'message', pattern: '3' }],
  });
  expect(books).toMatchObject({ lines: 4, rows: 1, excluded: 3 });
  expect((await rows('logs')).map((row) => row.message)).toEqual(['m1']);
});

test('an event is looked at as a whole', async () => {
  const content = `2026-03-01T12:00:00Z ERROR failed\n\tat a.Secret(C.java:1)\n2026-03-01T12:00:01Z INFO fine\n`;
  const { books } = await ingest('c.log', content, { exclude: [{ pattern: 'failed\\n\\tat a\\.Secret' }] }, true);
  expect(books).toMatchObject({ lines: 3, rows: 1, comments: 1, excluded: 1 });
});

const secrets = ['SIGSECRET', 'POLSECRET', 'TOKSECRET', 'MAILSECRET'];
const url = `/f?Expires=1&Signature=SIGSECRET~-&Policy=POLSECRET__&Key-Pair-Id=KSIGSECRET&X-Amz-Signature=SIGSECRET&X-Amz-Security-Token=TOKSECRET%2F&token=TOKSECRET&email=MAILSECRET%40x&keep=1`;
const mask = { addresses: true, signatures: true, query: ['token', 'email'] };

test('what is masked is nowhere: not in columns, extras, rejects, messages, attributes', async () => {
  const referer = `https://h${url}`;
  const encoded = encodeURIComponent(`https://h${url}`);
  const content = [
    combined(url, `"${referer}" "x"`),
    combined('/v6', `"https://h/?next=${encoded}" "x"`, '2001:db8:1:2::9'),
    `203.0.113.9, 198.51.100.77, 2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff - - [01/Mar/2026:12:00:00 +0000] "GET /l HTTP/1.1" 200 5 "-" "x" "198.51.100.77"\n`,
    `torn 203.0.113.9 2001:db8:1:2::9 ${url}\n`,
  ].join('');
  const { books, rows } = await ingest('d.log', content, { mask });
  expect(books).toMatchObject({ lines: 4, rows: 3, rejected: 1 });
  const logs = await ingest(
    'e.log',
    `2026-03-01T12:00:00Z INFO GET ${url} by 203.0.113.9 cookie CloudFront-Signature=SIGSECRET; a=b\n` +
      `{"time":"2026-03-01T12:00:01Z","msg":"x","url":"${url.replaceAll('&', '\\u0026')}","ip":"2001:db8:1:2::9"}\n`,
    { mask },
    true,
  );
  expect(logs.books).toMatchObject({ rows: 2 });
  const stored = [await rows('requests'), await rows('rejects'), await logs.rows('logs')];
  const all = JSON.stringify(stored, (key, value) => (key === 'filename' || key === 'origin' ? '' : value));
  for (const secret of [...secrets, '113.9', '100.77', ':2::9', 'bbbb', 'eeee']) {
    expect(all.includes(secret), `${secret} in ${all}`).toBe(false);
  }
  const [requests, rejects] = stored as [Record<string, unknown>[], Record<string, unknown>[]];
  expect(new Set(requests.map((row) => row.client_ip))).toEqual(new Set(['203.0.113.0', '2001:db8:1::']));
  expect(requests.some((row) => String(row.query).endsWith('token=masked&email=masked&keep=1'))).toBe(true);
  expect(requests.map((row) => row.forwarded_for)).toContain('203.0.113.0, 198.51.100.0, 2001:db8:aaaa::');
  expect(rejects[0]?.line).toContain('torn 203.0.113.0 2001:db8:1:: /f?Expires=1&Signature=masked&Policy=masked');
});

test('times, versions and numbers are no addresses', async () => {
  const message =
    '2026-03-01T12:00:00Z INFO at 12:00:00.123 of [01/Mar/2026:12:00:00 +0000] v1.2.3 took 1:02:03 std::vector 7.5 %';
  const { rows } = await ingest('f.log', `${message}\n`, { mask: { addresses: true } }, true);
  expect((await rows('logs')).map((row) => row.message)).toEqual([message]);
});

test('the books of what was left out are in order', async () => {
  expect(isSound(await verifyStore(scratch.store.engine))).toBe(true);
});
