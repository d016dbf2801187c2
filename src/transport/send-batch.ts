import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

export interface Destination {
  readonly url: URL;
  readonly token?: string;
}

/** How the server answered a batch. */
export type SendResult =
  | { readonly kind: 'stored' }
  /** Retry later. */
  | { readonly kind: 'later'; readonly reason: string; readonly retryAfterMs?: number }
  /** Refused permanently. */
  | { readonly kind: 'refused'; readonly reason: string };

const answerTimeoutMs = 30_000;
/** Malformed, too large, or of an unsupported media type: a retry cannot succeed. */
const refusals = new Set([400, 413, 415, 422]);

/** Sends a batch once. Never rejects. */
export function sendBatch(
  { url, token }: Destination,
  { key, body }: { readonly key: string; readonly body: Uint8Array },
  signal: AbortSignal,
): Promise<SendResult> {
  return new Promise((resolve) => {
    const later = (error: Error) => resolve({ kind: 'later', reason: error.message });
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const request = send(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-ndjson',
        'content-encoding': 'gzip',
        'content-length': body.length,
        'idempotency-key': key,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      timeout: answerTimeoutMs,
      signal,
    });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${answerTimeoutMs / 1000} s`)));
    request.on('error', later);
    request.on('response', (response) => {
      const { statusCode = 0, headers } = response;
      response.on('error', later).resume();
      if (statusCode >= 200 && statusCode < 300) resolve({ kind: 'stored' });
      else if (refusals.has(statusCode)) resolve({ kind: 'refused', reason: `status ${statusCode}` });
      else resolve({ kind: 'later', reason: `status ${statusCode}`, ...retryAfter(headers['retry-after']) });
    });
    request.end(body);
  });
}

/** Reads Retry-After: seconds or a date. */
function retryAfter(header: string | undefined): { retryAfterMs?: number } {
  if (header === undefined) return {};
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? { retryAfterMs: Math.max(0, ms) } : {};
}
