import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { quoteString } from '../engine/bound-parameter.ts';
import type { Engine } from '../engine/engine.ts';
import { defaultLimits, openEngine } from '../engine/open-engine.ts';
import { formats } from '../formats/catalog.ts';
import { parseTemplate } from '../formats/event-row.ts';
import { logFormats } from '../formats/logs/catalog.ts';
import { re2Pattern, shapesOf } from '../formats/logs/shapes-of.ts';
import { linearPattern } from '../text/linear-pattern.ts';
import { characters, isLike } from './line-characters.ts';

/** The engine's RE2 is the oracle: a pattern of any format means the same there and here, for any bytes. */
let engine: Engine;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-characters-'));
  engine = await openEngine({ directory }, { limits: defaultLimits });
});

afterAll(async () => {
  await engine?.close();
  await rm(directory, { recursive: true, force: true });
});

const parts = formats.flatMap(({ event }) => Object.values(event?.columns ?? {}).flatMap(parseTemplate));
const values = parts.flatMap((part) => (typeof part === 'string' ? [] : 'group' in part ? part.group : [part]));

const ofValues = distinct(
  formats.flatMap(({ fields, event }) => [...fields, ...(event?.levels ?? [])].map(({ pattern }) => pattern)),
);
const ofLines = distinct([
  ...formats.map(({ framing }) => (framing?.kind === 'pattern' ? framing.pattern : undefined)),
  ...logFormats.flatMap(shapesOf).map((shape) => ('text' in shape ? re2Pattern(shape.text) : undefined)),
]);
const extracted = distinct(values.map((value) => (typeof value === 'string' ? undefined : value.pattern)));

test('a character that is cut before the end of a value takes nothing with it', async () => {
  const cut = [0xf0, 0xe2, 0xc3, 0xf7].map((lead) => Buffer.from([0x61, 0x2e, 0x62, lead, 0x3a, 0x32]).toString('hex'));
  const [answer] = await engine.rows<{ matching: number }>({
    sql: `SELECT countIf(${isLike('line', '^[^ ]*[.:][^ ]*:[0-9]{1,5}$')}) AS matching
          FROM (SELECT unhex(arrayJoin({cut:Array(String)})) AS line)`,
    params: { cut },
  });
  expect(answer?.matching).toBe(cut.length);
});

describe('of values', () => {
  test.each(ofValues)('%s', async (pattern) => {
    await holdsFor(pattern, isLike('line', pattern), (text) => Number(linearPattern(pattern).test(text)));
  });
});

describe('of lines', () => {
  test.each(ofLines)('%s', async (pattern) => {
    const sql = `match(${characters('line')}, ${quoteString(pattern)})`;
    await holdsFor(pattern, sql, (text) => Number(linearPattern(pattern).test(text)));
  });
});

describe('extracted from values', () => {
  test.each(extracted)('%s', async (pattern) => {
    const sql = `extract(line, ${quoteString(pattern)})`;
    await holdsFor(pattern, sql, (text) => linearPattern(pattern).groups(text)?.[0] ?? '');
  });
});

/** @param sql over the column `line` */
async function holdsFor(pattern: string, sql: string, here: (text: string) => unknown): Promise<void> {
  const matching = textsLike(pattern).map((text) => Buffer.from(text));
  const bytes = fc.uint8Array({ min: 0x80, maxLength: 3 });
  const broken = fc.tuple(matching, fc.nat(60), fc.nat(2), bytes).map(([text, at, cut, inserted]) => {
    return Buffer.concat([text.subarray(0, at), inserted, text.subarray(at + cut)]);
  });
  const texts = fc.sample(fc.oneof(matching, broken, broken), 150);
  const rows = await engine.rows<{ found: unknown }>({
    sql: `SELECT ${sql} AS found FROM (SELECT unhex(arrayJoin({texts:Array(String)})) AS line)`,
    params: { texts: texts.map((text) => text.toString('hex')) },
  });
  const wrong = texts.filter((text, index) => rows[index]?.found !== here(text.toString()));
  expect(wrong.map(String)).toEqual([]);
}

/** Texts that match, or, if the pattern is too complex, texts of its own characters. */
function textsLike(pattern: string): fc.Arbitrary<string> {
  if (pattern.length < 120) return fc.stringMatching(new RegExp(pattern, 's'), { maxLength: 60 });
  const pieces = ['203.0.113.9', '2001:db8::1', '[2001:db8::1]:443', 'unknown', ', ', ' ', '-', ...pattern];
  return fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((parts) => parts.join(''));
}

function distinct(patterns: readonly (string | undefined)[]): string[] {
  return [...new Set(patterns.filter((pattern) => pattern !== undefined && pattern !== ''))] as string[];
}
