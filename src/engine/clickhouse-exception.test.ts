import { expect, test } from 'vitest';
import { readClickhouseException } from './clickhouse-exception.ts';

test.each<[raw: string, expected: Record<string, unknown>]>([
  [
    "Code: 60. DB::Exception: Unknown table expression identifier 'nope' in scope SELECT a FROM nope. (UNKNOWN_TABLE) (version 26.7.2.1)",
    {
      code: 'TAILRACE_QUERY_FAILED',
      clickhouseCode: 60,
      message: "cannot run the query: Unknown table expression identifier 'nope' in scope SELECT a FROM nope",
    },
  ],
  [
    'Code: 159. DB::Exception: Timeout exceeded: elapsed 2000 ms, maximum: 2000 ms: While executing NumbersRange. (TIMEOUT_EXCEEDED)',
    {
      code: 'TAILRACE_QUERY_LIMIT',
      message: 'cannot finish the query: it took longer than 2 seconds; narrow it down, or add a LIMIT',
    },
  ],
  [
    'Code: 159. DB::Exception: Timeout exceeded: elapsed 2133.366 ms, maximum: 2500 ms. (TIMEOUT_EXCEEDED)',
    { message: expect.stringContaining('it took longer than 2.5 seconds;') },
  ],
  [
    'Code: 159. DB::Exception: Watchdog stopped it. (TIMEOUT_EXCEEDED)',
    { code: 'TAILRACE_QUERY_LIMIT', message: expect.stringContaining('it took longer than its limit;') },
  ],
  [
    'Code: 241. DB::Exception: Query memory limit exceeded: would use 1.00 GiB. (MEMORY_LIMIT_EXCEEDED)',
    { code: 'TAILRACE_QUERY_LIMIT', message: expect.stringContaining('shorter time range') },
  ],
  ['Code: 164. DB::Exception: Cannot modify setting in readonly mode. (READONLY)', { code: 'TAILRACE_QUERY_REFUSED' }],
  ['Code: 394. DB::Exception: Query was cancelled. (QUERY_WAS_CANCELLED)', { code: 'TAILRACE_QUERY_CANCELLED' }],
  [
    'Code: 243. DB::Exception: Cannot reserve 1.00 MiB. (NOT_ENOUGH_SPACE)',
    { code: 'TAILRACE_DISK_FULL', retryable: true },
  ],
  [
    'Code: 75. DB::ErrnoException: Cannot write to file /x, errno: 28, strerror: No space left on device',
    { code: 'TAILRACE_DISK_FULL', retryable: true },
  ],
  [
    'Code: 252. DB::Exception: Too many parts (3000). (TOO_MANY_PARTS)',
    { code: 'TAILRACE_QUERY_FAILED', retryable: true },
  ],
  ['std::exception. Code: 1001, type: parquet::X', { clickhouseCode: 1001 }],
  ['something else', { code: 'TAILRACE_QUERY_FAILED', clickhouseCode: undefined, retryable: false }],
])('%s', (raw, expected) => {
  const cause = new Error(raw);
  expect(readClickhouseException(raw, cause)).toMatchObject({ ...expected, cause });
});

test('stack traces and endless messages are cut', () => {
  const { message } = readClickhouseException(
    `Code: 1. DB::Exception: ${'x'.repeat(9000)}. Stack trace: 0. a\n1. b`,
    0,
  );
  expect(message.length).toBeLessThan(2100);
  expect(message).not.toContain('Stack');
});
