import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { tellOutput } from './tell-output.ts';

async function tellAll(pieces: readonly (string | Buffer)[]): Promise<string[]> {
  const told: string[] = [];
  const output = new PassThrough();
  tellOutput(output, 'a.ts', (text) => told.push(text));
  for (const piece of pieces) output.write(piece);
  output.end();
  await new Promise((resolve) => output.once('end', resolve));
  return told;
}

test('lines are told as they are, however they come, without what steers a terminal', async () => {
  const bytes = Buffer.from('one\r\n\n\x1b[31mtwo\x1b[0m \u202e\nthé last');
  const told = ['one', '[31mtwo [0m', 'thé last'].map((line) => `a.ts prints: ${line}`);
  expect(await tellAll([bytes])).toEqual(told);
  expect(await tellAll([...bytes].map((byte) => Buffer.from([byte])))).toEqual(told);
});

test('of many and of long lines only the first are told', async () => {
  const told = await tellAll([...Array.from({ length: 100 }, () => 'x'.repeat(1000)), '\n', 'y\n'.repeat(1000)]);
  expect(told).toHaveLength(21);
  expect(told[0]).toBe(`a.ts prints: ${'x'.repeat(300)}…`);
  expect(told[20]).toBe('a.ts prints more than 20 lines a minute; the others are not shown');
});
