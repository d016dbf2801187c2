import { backoffMs } from '../waiting/backoff.ts';
import { askReceiver } from './ask-receiver.ts';
import { credentialsOf, explainAnswer, judgeAnswer, retryAfterMs } from './judge-answer.ts';
import { explainNetworkFault } from './network-fault.ts';
import { signRequest } from './sign-request.ts';

/** Where JSON is sent by POST. */
export interface WebhookOptions {
  /** http or https; of the operator's own configuration, so any address is allowed. */
  readonly url: string;
  /** By lower-case name, beside those of {@link sendWebhook}. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Key of the signatures, `whsec_` and base64; none when undefined. */
  readonly secret?: string | undefined;
  /** For the whole of a request and its answer. */
  readonly timeoutMs: number;
  /** Further texts that are not to be shown. */
  readonly hidden?: readonly string[];
}

export interface WebhookMessage {
  /** The same whenever this message is sent again, and never that of another one. */
  readonly id: string;
  /** Becomes JSON. */
  readonly body: unknown;
}

/** What became of one attempt. Reasons are sentences with a remedy, without credentials. */
export type SendOutcome =
  /** Answered 2xx. */
  | { readonly kind: 'taken' }
  /** No answer, 408, 409, 425, 429 or 5xx: the same message may be taken later. */
  | { readonly kind: 'later'; readonly reason: string; readonly retryAfterMs?: number }
  /** Any other answer, also a redirect: it stays so until somebody changes the receiver or the configuration. */
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Sends a message once, with its id as `Idempotency-Key`, signed as Standard Webhooks has it (see `sign-request.ts`).
 * A receiver that ignores keys that it knows has each message once, however often it is sent.
 * @throws only the reason of the signal
 */
export async function sendWebhook(
  options: WebhookOptions,
  { id, body }: WebhookMessage,
  signal: AbortSignal,
): Promise<SendOutcome> {
  const { url, headers = {}, secret, timeoutMs, hidden = [] } = options;
  const bytes = Buffer.from(JSON.stringify(body));
  const seconds = Math.floor(Date.now() / 1000);
  const all = {
    'user-agent': 'tailrace',
    'content-type': 'application/json',
    ...headers,
    'idempotency-key': id,
    ...(secret ? signRequest(secret, { id, seconds, body: bytes }) : {}),
  };
  const tell = (why: string) => `cannot send to "${new URL(url).origin}": ${why}`;
  try {
    const answer = await askReceiver(url, { method: 'POST', headers: all, body: bytes }, timeoutMs, signal);
    const verdict = judgeAnswer(answer);
    if (verdict === 'taken') return { kind: 'taken' };
    const reason = tell(explainAnswer(answer, [...credentialsOf({ headers, secret }), ...hidden]));
    const waitMs = retryAfterMs(answer);
    if (verdict !== 'later') return { kind: 'refused', reason };
    return { kind: 'later', reason, ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }) };
  } catch (cause) {
    signal.throwIfAborted();
    return { kind: 'later', reason: tell(explainNetworkFault(cause)) };
  }
}

const pauses = { firstMs: 1_000, longestMs: 300_000 };
/** A receiver that wants to be left alone for longer is asked after this time all the same. */
const mostRetryAfterMs = 3_600_000;

/** Milliseconds until the next attempt: with backoff, and no earlier than the receiver asks. @param attempt from 1 */
export function pauseAfter(attempt: number, { retryAfterMs: waitMs = 0 }: { readonly retryAfterMs?: number }): number {
  return Math.max(backoffMs(attempt, pauses), Math.min(waitMs, mostRetryAfterMs));
}
