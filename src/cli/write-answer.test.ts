import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { writeAnswer } from './write-answer.ts';

const { isTTY } = process.stdout;
let written: Buffer;

beforeEach(() => {
  written = Buffer.alloc(0);
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written = Buffer.concat([written, Buffer.from(chunk)]);
    return true;
  });
});
afterEach(() => {
  process.stdout.isTTY = isTTY;
  vi.restoreAllMocks();
});

const hostile = Buffer.from('a\u001b[2J\t\u202e\n\u00e9\xff', 'utf8');

async function* answer() {
  yield hostile;
  yield new Uint8Array([0xff, 10]);
}

it.each([
  ['table', false],
  ['table', true],
  ['tsv', true],
  ['json', true],
] as const)('%s cannot steer the terminal (is it one: %s)', async (format, terminal) => {
  process.stdout.isTTY = terminal;
  await writeAnswer(answer(), format);
  expect(written.toString()).toBe('a\\u001b[2J\t\\u202e\n\u00e9\u00ff\ufffd\n');
});

it.each(['tsv', 'csv', 'json', 'ndjson', 'parquet'] as const)(
  '%s is what is stored where a program reads',
  async (format) => {
    process.stdout.isTTY = false;
    await writeAnswer(answer(), format);
    expect(written).toEqual(Buffer.concat([hostile, Buffer.from([0xff, 10])]));
  },
);
