import { expect, test } from 'vitest';
import { rememberLines } from './remember-lines.ts';

test('a line is asked about once, and what is kept is bounded', () => {
  const asked: number[] = [];
  const lengthOf = rememberLines((line) => {
    asked.push(line.length);
    return line.length;
  });
  expect([lengthOf('a'), lengthOf('a'), lengthOf('bb')]).toEqual([1, 1, 2]);
  expect(asked).toEqual([1, 2]);
  const long = 'x'.repeat(600_000);
  const longer = 'y'.repeat(2_000_000);
  for (const line of [long, longer, `${long}z`, 'a', long]) lengthOf(line);
  expect(asked).toEqual([1, 2, 600_000, 2_000_000, 600_001, 1, 600_000]);
});
