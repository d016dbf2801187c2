import { trimTrailing } from '../text/trim-trailing.ts';
import { EngineError, type EngineErrorCode } from './engine-error.ts';

/**
 * ClickHouse's error numbers as our codes; any other number is `TAILRACE_QUERY_FAILED`.
 * Names: https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp
 */
const codes = new Map<number, { code: EngineErrorCode; retryable?: boolean }>([
  ...[158, 159, 160, 161, 162, 167, 168, 191, 241, 306, 307, 396].map(
    (number) => [number, { code: 'TAILRACE_QUERY_LIMIT' }] as const,
  ),
  ...[164, 446, 452, 497].map((number) => [number, { code: 'TAILRACE_QUERY_REFUSED' }] as const),
  ...[192, 193, 194, 516].map((number) => [number, { code: 'TAILRACE_STORE_UNAVAILABLE' }] as const),
  ...[209, 210, 225, 242, 279, 319, 999].map(
    (number) => [number, { code: 'TAILRACE_STORE_UNAVAILABLE', retryable: true }] as const,
  ),
  [202, { code: 'TAILRACE_QUERY_LIMIT', retryable: true }], // TOO_MANY_SIMULTANEOUS_QUERIES
  [252, { code: 'TAILRACE_QUERY_FAILED', retryable: true }], // TOO_MANY_PARTS: merges will catch up
  [243, { code: 'TAILRACE_DISK_FULL', retryable: true }], // NOT_ENOUGH_SPACE
  [394, { code: 'TAILRACE_QUERY_CANCELLED' }],
]);

const timeoutExceeded = 159;
const memoryLimitExceeded = 241;
const maxMessageChars = 2000;

/**
 * A ClickHouse exception, embedded or from a server, as an {@link EngineError}.
 *
 * @param raw its text, e.g. `Code: 62. DB::Exception: Syntax error: … (SYNTAX_ERROR) (version 26.7.2.1)`
 */
export function readClickhouseException(raw: string, cause: unknown, knownCode?: number): EngineError {
  const clickhouseCode = knownCode ?? Number(/Code: (\d+)\b/.exec(raw)?.[1] ?? Number.NaN);
  const reason = trimException(raw);
  const details = { cause, ...(Number.isNaN(clickhouseCode) ? {} : { clickhouseCode }) };
  // The error of a failed deletion has the deletion's own number, so the text is checked.
  if (/No space left on device|errno: 28\b|\(NOT_ENOUGH_SPACE\)/.test(raw)) {
    return new EngineError(
      'TAILRACE_DISK_FULL',
      `cannot write to the store: ${reason}; free some space and try again`,
      {
        ...details,
        retryable: true,
      },
    );
  }
  const { code, retryable = false } = codes.get(clickhouseCode) ?? { code: 'TAILRACE_QUERY_FAILED' as const };
  return new EngineError(code, sentence(code, reason, clickhouseCode), { ...details, retryable });
}

function sentence(code: EngineErrorCode, reason: string, clickhouseCode: number): string {
  switch (code) {
    case 'TAILRACE_QUERY_CANCELLED':
      return 'cannot finish the query: it was cancelled';
    case 'TAILRACE_QUERY_LIMIT':
      switch (clickhouseCode) {
        case memoryLimitExceeded:
          return `cannot finish the query: ${reason}; ask for a shorter time range or fewer groups`;
        case timeoutExceeded:
          return tookLonger(Number(/maximum: (\d+) ms/.exec(reason)?.[1]) / 1000);
        default:
          return `cannot finish the query: ${reason}; narrow it down, or add a LIMIT`;
      }
    case 'TAILRACE_QUERY_REFUSED':
      return `cannot run the query: ${reason}; questions may only read the tables of this store`;
    case 'TAILRACE_STORE_UNAVAILABLE':
      return `cannot use the store: ${reason}`;
    case 'TAILRACE_DISK_FULL':
      return `cannot write to the store: ${reason}; free some space and try again`;
    default:
      return `cannot run the query: ${reason}`;
  }
}

/** The message of a question that was stopped after its `limitSeconds`, whoever stopped it; NaN for an unknown limit. */
export function tookLonger(limitSeconds: number): string {
  const limit = Number.isNaN(limitSeconds) ? 'its limit' : `${limitSeconds} seconds`;
  return `cannot finish the query: it took longer than ${limit}; narrow it down, or add a LIMIT`;
}

/** The message without numbers, stack traces, versions and engine internals, in at most 2,000 characters. */
export function trimException(raw: string): string {
  const [words = ''] = raw.split(/stack trace/i, 1);
  const text = withoutErrorNames(
    words.replace(/(?:Code: \d+\. )?DB::Exception: /g, '').replace(/ ?\(version [^()]*\)\s*\.?/g, ''),
  )
    .replace(/:? ?While executing [A-Za-z]+([.:]|$)/g, '$1')
    .replace(/\.? ?Untracked memory[a-z ]*: [-\d.]+ \w*/g, '')
    .replace(/Maybe you meant:/g, 'maybe you meant')
    .trim();
  const bare = trimTrailing(text, '.:; \t\r\n');
  return bare.length > maxMessageChars ? `${bare.slice(0, maxMessageChars)}…` : bare;
}

/** Without trailing error names like `(SYNTAX_ERROR)`, possibly several. */
function withoutErrorNames(text: string): string {
  const trimmed = text.trimEnd();
  const at = trimmed.lastIndexOf('(');
  return at !== -1 && /^\([A-Z][A-Z0-9_]+\)\.?$/.test(trimmed.slice(at))
    ? withoutErrorNames(trimmed.slice(0, at))
    : trimmed;
}
