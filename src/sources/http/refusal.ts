/** What is wrong with a request, or with the moment at which it comes. */
export type RefusalReason = 'invalid' | 'unknown-encoding' | 'too-large' | 'busy' | 'unavailable';

/** A request that is not taken, and why. Its sender learns it in the form that senders of its kind understand. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly reason: RefusalReason;
  readonly remedy: string | undefined;
  /** When the same may be sent again; absent when that would change nothing. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    reason: RefusalReason,
    message: string,
    details: { readonly remedy?: string; readonly retryAfterSeconds?: number; readonly cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.reason = reason;
    this.remedy = details.remedy;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}
