import { expect, test } from 'vitest';
import { readAhead } from './read-ahead.ts';

/** Three sources, and what happens to them. */
function sources(log: string[], failing?: string) {
  return ['a', 'b', 'c'].map(
    (name) =>
      async function* () {
        log.push(`begin ${name}`);
        try {
          if (name === failing) throw new Error(`${name} fails`);
          yield `${name}1`;
          yield `${name}2`;
        } finally {
          log.push(`end ${name}`);
        }
      },
  );
}

async function readAll(log: string[], read: AsyncIterable<string>): Promise<string[]> {
  for await (const element of read) log.push(element);
  return log;
}

test('each source is read after the other, and has begun before', async () => {
  const log: string[] = [];
  expect(await readAll(log, readAhead(sources(log)))).toEqual([
    ...['begin a', 'begin b', 'a1', 'a2', 'end a'],
    ...['begin c', 'b1', 'b2', 'end b'],
    ...['c1', 'c2', 'end c'],
  ]);
  expect(await readAll([], readAhead([]))).toEqual([]);
});

test('a failure comes in its turn, and ends what has begun', async () => {
  const log: string[] = [];
  await expect(readAll(log, readAhead(sources(log, 'b')))).rejects.toThrow('b fails');
  expect(log).toEqual(['begin a', 'begin b', 'end b', 'a1', 'a2', 'end a', 'begin c', 'end c']);
});

test('whoever leaves early ends what has begun', async () => {
  const log: string[] = [];
  for await (const element of readAhead(sources(log))) {
    log.push(element);
    break;
  }
  expect(log).toEqual(['begin a', 'begin b', 'a1', 'end a', 'end b']);
});
