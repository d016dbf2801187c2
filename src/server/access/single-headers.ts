import { ApiError } from '../api-error.ts';

/** Security-relevant headers with a single value; if there are two, a proxy in front may have checked the other one. */
const singles = new Set([
  'authorization',
  'content-length',
  'content-type',
  'host',
  'idempotency-key',
  'origin',
  'sec-fetch-mode',
  'sec-fetch-site',
  'transfer-encoding',
  'x-amz-firehose-access-key',
  'x-amz-firehose-request-id',
]);

/**
 * @param rawHeaders names and values in turn, as Node gives them
 * @throws ApiError `TAILRACE_REQUEST_INVALID`
 */
export function refuseRepeatedHeaders(rawHeaders: readonly string[]): void {
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? '';
    if (!singles.has(name)) continue;
    if (seen.has(name)) {
      throw new ApiError(
        400,
        'TAILRACE_REQUEST_INVALID',
        `cannot read the request: it has the header "${name}" twice`,
        {
          remedy: 'Send it once; see whether a proxy adds it.',
        },
      );
    }
    seen.add(name);
  }
}
