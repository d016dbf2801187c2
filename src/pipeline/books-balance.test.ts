import { writeFileSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cutAtNewlines } from '../../test/cut-at-newlines.ts';
import { copyPreparedStore } from '../../test/prepared-store.ts';
import { findFormat } from '../formats/catalog.ts';
import { detectLayout, type LayoutHints } from '../layouts/detect-layout.ts';
import { inspectInput } from '../layouts/inspect-input.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { ingestFiles } from './ingest-files.ts';

let store: Store;
let root: string;
let files = 0;

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'tailrace-bytes-')));
  store = await openStore({ directory: copyPreparedStore(join(root, 'store')) });
});

afterAll(async () => {
  await store?.close();
  await rm(root, { recursive: true, force: true });
});

const columns = ['date', 'time', 'sc-bytes', 'cs-uri-stem', 'sc-status', 'cs(User-Agent)'];
const headers = [
  `#Fields: ${columns.join(' ')}`,
  '#Version: 1.0',
  `#Fields: ${columns.slice(0, 4).join(' ')}`,
  columns.join('\t'),
];
const odd = [
  '-',
  '',
  '%',
  '%2',
  '%252F',
  '\0',
  '\r',
  '\ufeff',
  '"',
  '\\',
  "'",
  '\\N',
  'é',
  '200',
  '000',
  '-1',
  '5000000000',
  'nan',
  '{',
  '2026-03-01',
  '10:00:00',
];

const value = fc.oneof(fc.constantFrom(...odd), fc.string({ unit: 'binary', maxLength: 12 }));
const goodLine = fc
  .tuple(fc.nat({ max: 59 }), fc.nat(), value)
  .map(
    ([second, bytes, path]) =>
      `2026-03-01\t10:00:${String(second).padStart(2, '0')}\t${bytes}\t/${path.replaceAll(/[\t\n]/g, '')}\t200\tcurl/8`,
  );
const json = fc
  .dictionary(fc.constantFrom('date', 'time', 'cs-uri-stem', 'sc-status', 'x-odd'), fc.oneof(value, fc.jsonValue()))
  .map((object) => JSON.stringify({ date: '2026-03-01', time: '10:00:00', ...object }));
const line = fc
  .oneof(
    { weight: 4, arbitrary: goodLine },
    { weight: 2, arbitrary: fc.array(value, { maxLength: 8 }).map((values) => values.join('\t')) },
    { weight: 1, arbitrary: fc.constantFrom(...headers) },
    { weight: 1, arbitrary: json },
  )
  .map((text) => Buffer.from(text));
const rawLine = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
const ending = fc.constantFrom('\n', '\n', '\n', '\r\n', '\n\n');
const content = fc
  .array(fc.tuple(fc.oneof({ weight: 6, arbitrary: line }, { weight: 1, arbitrary: rawLine }), ending), {
    maxLength: 25,
  })
  .chain((parts) => {
    const whole = Buffer.concat(parts.flatMap(([text, end]) => [text, Buffer.from(end)]));
    return fc.constantFrom(whole, whole.subarray(0, Math.max(0, whole.length - 1)));
  });

const standard = findFormat('cloudfront-standard');
const hints: fc.Arbitrary<LayoutHints> = fc.constantFrom(
  {},
  { columns },
  ...(standard ? [{ format: standard }, { format: standard, columns }] : []),
);
const input = fc.record({
  content: fc.oneof({ weight: 5, arbitrary: content }, { weight: 1, arbitrary: rawLine }),
  gzip: fc.boolean(),
});

test('any bytes: a file is stored with books that balance, or fails with an explanation', async () => {
  const seen = { stored: 0, failed: 0, rows: 0, rejected: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(input, { minLength: 1, maxLength: 6 }), hints, async (inputs, layoutHints) => {
      const written = inputs.map(({ content: bytes, gzip }) => {
        const path = join(root, `${++files}`);
        writeFileSync(path, gzip ? gzipSync(bytes) : bytes);
        return { path, bytes };
      });
      const result = await ingestFiles(
        store,
        written.map(({ path }) => path),
        { hints: layoutHints },
      );
      expect(result.lines).toBe(result.rows + result.rejected + result.comments);
      for (const { path, bytes } of written) {
        const failure = result.failed.find((failed) => failed.path === path);
        if (failure) {
          seen.failed++;
          expect(failure.problem).not.toMatch(/BUG|cannot run the query/);
          expect(failure.problem.length).toBeGreaterThan(20);
          continue;
        }
        // An empty file has no books.
        if (bytes.length === 0) continue;
        seen.stored++;
        await expectBalance(path, await linesOf(path, bytes, layoutHints), seen);
      }
    }),
    { numRuns: Number(process.env.FC_RUNS ?? 12) },
  );
  // The property would be vacuous if it never stored or never rejected a row.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
});

test('any lines: detection answers or does not, and never throws', () => {
  const text = fc.oneof(line.map(String), rawLine.map(String), fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(fc.array(text, { maxLength: 12 }), hints, (lines, layoutHints) => {
      const detection = detectLayout(lines, layoutHints);
      if (!detection) return;
      expect(detection.confidence).toBeGreaterThanOrEqual(0);
      expect(detection.confidence).toBeLessThanOrEqual(1);
      expect(detection.layout.columns.length).toBeGreaterThan(0);
    }),
    { numRuns: 2000 },
  );
});

async function expectBalance(
  path: string,
  lines: readonly Buffer[],
  seen: { rows: number; rejected: number },
): Promise<void> {
  const [books] = await store.engine.rows<Record<string, number>>({
    sql: 'SELECT rows, rejected, comments FROM ledger WHERE origin = {path:String}',
    params: { path },
  });
  const [{ stored } = { stored: -1 }] = await store.engine.rows<{ stored: number }>({
    sql: `SELECT count() AS stored
          FROM (SELECT filename, batch FROM requests UNION ALL SELECT filename, batch FROM logs)
          WHERE filename = {filename:String} AND batch IN (SELECT batch FROM ledger WHERE origin = {path:String})`,
    params: { path, filename: path.slice(path.lastIndexOf('/') + 1) },
  });
  expect(books).toBeDefined();
  const { rows = -1, rejected = -1, comments = -1 } = books ?? {};
  expect({ lines: rows + rejected + comments, stored }).toEqual({ lines: lines.length, stored: rows });
  seen.rows += rows;
  seen.rejected += rejected;
  const rejects = await store.engine.rows<{ number: number; bytes: string }>({
    sql: 'SELECT line_number AS number, hex(line) AS bytes FROM rejects WHERE origin = {path:String} ORDER BY line_number',
    params: { path },
  });
  expect(rejects).toHaveLength(rejected);
  for (const { number, bytes } of rejects) expect(bytes).toBe(lines[number - 1]?.toString('hex').toUpperCase());
}

/** Lines separated by newlines, or by carriage returns where the file is detected to use them. */
async function linesOf(path: string, bytes: Buffer, layoutHints: LayoutHints): Promise<Buffer[]> {
  const { charset = 'utf-8', hasReturns = false } = (await inspectInput(path, layoutHints)).file.unpacking ?? {};
  const text = charset === 'utf-8' ? bytes.toString('latin1') : new TextDecoder(charset).decode(bytes);
  const ended = hasReturns ? text.replace(/\r+(?![\r\n])/g, (run) => '\n'.repeat(run.length)) : text;
  return cutAtNewlines(Buffer.from(ended, charset === 'utf-8' ? 'latin1' : 'utf8'));
}
