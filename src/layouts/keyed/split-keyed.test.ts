import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyPreparedStore } from '../../../test/prepared-store.ts';
import { formats } from '../../formats/catalog.ts';
import { openStore, type Store } from '../../store/open-store.ts';
import { detectLayout } from '../detect-layout.ts';
import type { Layout } from '../layout.ts';
import { splitLines, splitParams } from '../split-expression.ts';
import { splitSample } from '../split-sample.ts';

let directory: string;
let store: Store;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-keyed-'));
  store = await openStore({ directory: copyPreparedStore(directory) });
});

afterAll(async () => {
  await store?.close();
  await rm(directory, { recursive: true, force: true });
});

function layoutOf(name: string): Layout {
  const format = formats.find((one) => one.name === name);
  const layout = format && detectLayout([], { format })?.layout;
  if (!layout) throw new Error(`no layout of ${name}`);
  return layout;
}

interface Split {
  readonly raw: string[];
  readonly keys: string[];
  readonly rest: Record<string, string>;
}

async function enginesWay(layout: Layout, lines: readonly string[]): Promise<Split[]> {
  const source =
    '(SELECT 1 AS object, n AS line_number, line FROM (SELECT {lines:Array(String)} AS l) ARRAY JOIN l AS line, arrayEnumerate(l) AS n)';
  return store.engine.rows<Split>({
    sql: `SELECT raw, raw_keys AS keys, rest FROM (${splitLines(layout, source)}) ORDER BY line_number`,
    params: { ...splitParams(layout), lines },
  });
}

/** Values under any name: of all columns, and invalid ones. */
const value = fc.oneof(
  fc.constantFrom(
    '-',
    '',
    '200',
    200,
    0,
    '000',
    0.304,
    '0.304',
    12,
    '12.5ms',
    '203.0.113.9',
    '203.0.113.9:4711',
    '[2001:db8::7]:443',
    '2001:db8::7',
    '203.0.113.9, 10.0.0.1',
    'GET /a?b HTTP/1.1',
    '/a?b',
    'https://www.example.com/a?b',
    'GET',
    'www.example.com',
    'HTTP/1.1',
    '2026-03-01T10:00:00Z',
    '01/Mar/2026:10:00:00 +0000',
    1772359200.123,
    'TLSv1.3',
    'curl/8.0',
  ),
  fc.constantFrom(null, true, [], ['a'], { b: 1 }),
  fc.string({ maxLength: 8 }),
);

const keyed = formats.filter(({ framing }) => framing?.kind === 'keyed');

/** Known names in their usual spellings, and unknown names. */
function keyOf({ fields }: Layout['format']) {
  const known = fields.flatMap(({ keys = [] }) => keys);
  const written = fc
    .tuple(fc.constantFrom(...known), fc.constantFrom('as it is', 'capitals', 'dashes'))
    .map(([key, how]) => (how === 'capitals' ? key.toUpperCase() : how === 'dashes' ? key.replaceAll('_', '-') : key));
  return fc.oneof({ weight: 5, arbitrary: written }, fc.string({ minLength: 1, maxLength: 4 }));
}

test.each(keyed.map(({ name, framing }) => [name, framing?.kind === 'keyed' ? framing.syntax : ''] as const))(
  '%s: samples are searched as the engine searches, and nothing is lost',
  async (name, syntax) => {
    const layout = layoutOf(name);
    const pairs = fc.uniqueArray(fc.tuple(keyOf(layout.format), value), { selector: ([key]) => key, maxLength: 12 });
    const isLabel = (text: string) => text !== '' && !/[:\t\n]/.test(text);
    const line = pairs.map((list) =>
      syntax === 'json'
        ? JSON.stringify(Object.fromEntries(list))
        : list
            .filter(([key]) => isLabel(key))
            .map(([key, held]) => `${key}:${String(held).replaceAll(/[\t\n\r]/g, ' ')}`)
            .join('\t'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 20, maxLength: 60 }), async (lines) => {
        const theirs = await enginesWay(layout, lines);
        const none = layout.columns.map(() => '');
        const ours = lines.map((text) => splitSample(layout, text));
        expect(theirs.map(({ raw }) => raw)).toEqual(ours.map((raw) => (raw.length === 0 ? none : raw)));
        for (const [index, text] of lines.entries()) {
          const { raw, keys, rest } = theirs[index] as Split;
          const kept = new Set([...Object.keys(rest), ...keys.filter((key) => key !== '')]);
          for (const key of syntax === 'json' ? Object.keys(JSON.parse(text) as object) : []) {
            const inner = [...kept].some((one) => one.startsWith(`${key}.`));
            const held = (JSON.parse(text) as Record<string, unknown>)[key];
            if (held !== null && !inner && JSON.stringify(held) !== '{}') expect([...kept]).toContain(key);
          }
          expect(raw.filter((held) => held !== '').length).toBe(keys.filter((key) => key !== '').length);
        }
      }),
      { numRuns: 40 },
    );
  },
);

test('of a key that comes twice the first serves, and the second is kept', async () => {
  const layout = layoutOf('json-access');
  const line = `{"status":200,"status":500,"msec":"1772359200.123","time":"2026-03-01T10:00:00Z"}`;
  const [{ raw, rest } = { raw: [], rest: {} }] = await enginesWay(layout, [line]);
  expect(raw[layout.columns.indexOf('status')]).toBe('200');
  expect(rest).toEqual({ status: '500', time: '2026-03-01T10:00:00Z' });
});

test('what nginx writes without escape=json is read as it was', async () => {
  const layout = layoutOf('json-access');
  const line = String.raw`{"request":"GET /caf\xC3\xA9?q=\x22100%\x22 HTTP/1.1","status":200,"bytes": ,"size":}`;
  const [{ raw, rest } = { raw: [], rest: {} }] = await enginesWay(layout, [line]);
  expect(raw[layout.columns.indexOf('request')]).toBe('GET /café?q="100%" HTTP/1.1');
  expect(rest).toEqual({});
});
