import { expect, test } from 'vitest';
import { isJoinable, joinChunks, sliceBuffer } from './stream-chunks.ts';

async function* chunksOf(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text);
}

async function join(format: string, ...texts: string[]): Promise<string> {
  let joined = '';
  for await (const bytes of joinChunks(chunksOf(...texts), format)) joined += Buffer.from(bytes).toString();
  return joined;
}

test('the header of later chunks is left out, also one with newlines in quotes', async () => {
  const header = '"a\n""b","c"\n';
  expect(await join('CSVWithNames', `${header}1,2\n`, `${header}3,4\n`, header)).toBe(`${header}1,2\n3,4\n`);
  expect(await join('TSVWithNames', 'a\tb\n1\t2\n', 'a\tb\n3\t4\n')).toBe('a\tb\n1\t2\n3\t4\n');
  expect(await join('JSONEachRow', '{}\n', '{}\n')).toBe('{}\n{}\n');
});

test('only formats whose documents can be joined are streamed', () => {
  expect(['CSV', 'CSVWithNames', 'JSONEachRow'].map(isJoinable)).toEqual([true, true, true]);
  expect(['JSON', 'Parquet', 'PrettyCompact', 'Arrow', 'constructor'].map(isJoinable)).toEqual(Array(5).fill(false));
});

test('slices give the whole back', () => {
  const bytes = Buffer.alloc(600_001, 'x');
  const slices = [...sliceBuffer(bytes)];
  expect(slices.length).toBe(3);
  expect(Buffer.concat(slices).equals(bytes)).toBe(true);
});
