import { describe, expect, test } from 'vitest';
import { keyToSkipTo } from './skip-days.ts';

const range = { fromMs: Date.UTC(2026, 1, 1), untilMs: Date.UTC(2026, 1, 10) };
const alb = (folder: string, time: string) =>
  `p/AWSLogs/012345678910/elasticloadbalancing/us-east-1/${folder}/012345678910_elasticloadbalancing_us-east-1_app.edge.82a34fae168ba1aa_${time}Z_192.0.2.1_3okvlwdx.log.gz`;

describe('goes on with the first day that is wanted, a day before the range', () => {
  test.each([
    ['p/E1SFLUZKKLSP61.2025-06-16-14.e519cdee.gz', 'p/E1SFLUZKKLSP61.2026-01-31'],
    [alb('2025/06/16', '20250616T1440'), 'p/AWSLogs/012345678910/elasticloadbalancing/us-east-1/2026/01/31'],
    [
      'AWSLogs/aws-account-id=1/CloudFront/year=2025/month=06/day=16/E1SFLUZKKLSP61.2025-06-16-14.e519cdee.gz',
      'AWSLogs/aws-account-id=1/CloudFront/year=2026/month=01/day=31',
    ],
    ['x2025-06-16-10-13-50-A211246203787B7F', 'x2026-01-31'],
  ])('%s', (key, next) => {
    expect(keyToSkipTo(key, range)).toBe(next);
    expect(next > key).toBe(true);
  });
});

test('goes on behind the last day', () => {
  const next = keyToSkipTo('p/E1SFLUZKKLSP61.2026-06-16-14.e519cdee.gz', range) ?? '';
  expect(next > 'p/E1SFLUZKKLSP61.2999-12-31-23.zzz.gz').toBe(true);
  expect(next < 'p/E1SFLUZKKLSP62.2026-02-01-00.e519cdee.gz').toBe(true);
});

test.each([
  ['within the range', 'p/E1SFLUZKKLSP61.2026-02-05-14.e519cdee.gz'],
  ['near its beginning', 'p/E1SFLUZKKLSP61.2026-01-31-14.e519cdee.gz'],
  ['a log that is none we know', 'p/2025/06/16/x.log'],
])('leaves nothing out: %s', (_, key) => {
  expect(keyToSkipTo(key, range)).toBeUndefined();
});

test('a date that is not that of the log sorts nothing', () => {
  const key = 'copy/2020/01/01/E1SFLUZKKLSP61.2025-06-16-14.e519cdee.gz';
  expect(keyToSkipTo(key, range)).toBe('copy/2020/01/01/E1SFLUZKKLSP61.2026-01-31');
});

test('a range without ends leaves nothing out', () => {
  expect(keyToSkipTo('p/E1SFLUZKKLSP61.2025-06-16-14.e519cdee.gz', {})).toBeUndefined();
});
