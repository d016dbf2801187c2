import { expect, test } from 'vitest';
import { PendingDownloads } from './pending-downloads.ts';
import { questionBody } from './question-body.ts';

const question = questionBody.parse({ sql: 'SELECT 1' });

test('an address is good once, and for a minute', () => {
  const downloads = new PendingDownloads();
  const [once, late] = [downloads.add(question, 0), downloads.add(question, 0)];
  expect(downloads.take(once, 59_999)).toBe(question);
  expect(() => downloads.take(once, 59_999)).toThrow('this address was used, or is older than a minute');
  expect(() => downloads.take(late, 60_000)).toThrow('this address was used, or is older than a minute');
  expect(() => downloads.take('none')).toThrow('this address was used, or is older than a minute');
});

test('no more are kept than are bounded, and old ones make room', () => {
  const downloads = new PendingDownloads();
  for (let count = 0; count < 100; count++) downloads.add(question, 0);
  expect(() => downloads.add(question, 59_999)).toThrow('100 were prepared and not fetched');
  expect(downloads.add(question, 60_000)).toMatch(/^[\w-]{22}$/);
});
