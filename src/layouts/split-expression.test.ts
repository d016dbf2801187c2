import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyPreparedStore } from '../../test/prepared-store.ts';
import { formats } from '../formats/catalog.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { detectLayout } from './detect-layout.ts';
import type { Layout } from './layout.ts';
import { splitLines } from './split-expression.ts';
import { splitSample } from './split-sample.ts';

/** Detection and the engine split any line into the same values. */
let directory: string;
let store: Store;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-split-'));
  store = await openStore({ directory: copyPreparedStore(directory) });
});

afterAll(async () => {
  await store?.close();
  await rm(directory, { recursive: true, force: true });
});

/** Words with a meaning for a splitter, in any order. */
const piece = fc.oneof(
  fc.constantFrom(
    ' ',
    ' ',
    '"',
    '" ',
    ' "',
    '\\"',
    '\\',
    '-',
    '[',
    ']',
    ':',
    ' : ',
    ', ',
    ',',
    'a=',
    '200',
    '[01/Mar/2026:10:00:00 +0000]',
    '\r',
  ),
  fc.string({ unit: 'grapheme', maxLength: 4 }).map((text) => text.replaceAll('\n', ' ')),
);
/** Other encodings, and invalid ones. */
const bytes = fc.uint8Array({ min: 0x80, minLength: 1, maxLength: 3 });
const line = fc.array(fc.oneof({ weight: 9, arbitrary: piece }, bytes), { maxLength: 30 }).map(joined);
const request = fc
  .tuple(line, line, line, line, line)
  .map(([user, url, referer, agent, others]) =>
    joined([
      '203.0.113.9 - ',
      user,
      ' [01/Mar/2026:10:00:00 +0000] "GET ',
      url,
      '" 200 1 "',
      referer,
      '" "',
      agent,
      '" ',
      others,
    ]),
  );

function joined(pieces: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(pieces.map((text) => (typeof text === 'string' ? Buffer.from(text) : text)));
}

const whole = formats.filter(({ framing }) => framing && framing.kind !== 'json' && framing.kind !== 'keyed');

test.each(whole.map((format) => [format.name, format] as const))('%s', async (_, format) => {
  const { layout } = detectLayout([], { format }) as { layout: Layout };
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(line, request), { minLength: 20, maxLength: 100 }), async (lines) => {
      expect(await enginesWay(layout, lines)).toEqual(lines.map((text) => splitSample(layout, text.toString())));
    }),
    { numRuns: 40 },
  );
});

test.each(['\t', '§', '€', '||'])('values between %j', async (delimiter) => {
  const [format] = formats;
  const detection = format && detectLayout([], { format, columns: ['date', 'time', 'c-ip'], delimiter });
  const row = ['2026-03-01', '10:00:00', '203.0.113.9'];
  expect(await enginesWay(detection?.layout as Layout, [Buffer.from(row.join(delimiter))])).toEqual([row]);
});

test('nested JSON', async () => {
  const { layout } = detectLayout([], { format: formats.find(({ name }) => name === 'waf') as Layout['format'] }) as {
    layout: Layout;
  };
  const value = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.constant([]), fc.constant({ a: 'b' }));
  const header = fc.record({ name: fc.constantFrom('Host', 'HOST', 'user-agent', 'x'), value: fc.string() });
  const object = fc.record(
    {
      timestamp: value,
      action: value,
      labels: value,
      httpRequest: fc.oneof(
        value,
        fc.record({ clientIp: value, uri: value, headers: fc.array(header, { maxLength: 1 }) }, { requiredKeys: [] }),
      ),
    },
    { requiredKeys: [] },
  );
  const text = fc.oneof(
    object.map((held) => JSON.stringify(held)),
    fc.string().map((held) => held.replaceAll('\n', ' ')),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 20, maxLength: 100 }), async (lines) => {
      const ours = lines.map((held) => splitSample(layout, held));
      const theirs = await enginesWay(
        layout,
        lines.map((held) => Buffer.from(held)),
      );
      // A line that is not an object has no values here, and empty ones there.
      expect(theirs.map((row) => (row.every((held) => held === '') ? [] : row))).toEqual(
        ours.map((row) => (row.every((held) => held === '') ? [] : row)),
      );
    }),
    { numRuns: 40 },
  );
});

async function enginesWay(layout: Layout, lines: readonly Buffer[]): Promise<string[][]> {
  const source =
    '(SELECT 1 AS object, n AS line_number, line FROM (SELECT arrayMap(text -> unhex(text), {lines:Array(String)}) AS l) ARRAY JOIN l AS line, arrayEnumerate(l) AS n)';
  const rows = await store.engine.rows<{ raw: string[] }>({
    sql: `SELECT arrayMap(text -> hex(text), raw) AS raw FROM (${splitLines(layout, source)}) ORDER BY line_number`,
    params: {
      lines: lines.map((line) => line.toString('hex')),
      columns: layout.columns,
      delimiter: layout.framing.kind === 'delimited' ? layout.framing.delimiter : '',
    },
  });
  return rows.map(({ raw }) => raw.map((text) => Buffer.from(text, 'hex').toString()));
}
