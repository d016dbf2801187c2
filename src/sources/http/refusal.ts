/** Why a request is refused: its content, or the current state of the server. */
export type RefusalReason = 'invalid' | 'unknown-encoding' | 'too-large' | 'busy' | 'unavailable';

/** A refused request with its reason; the intake answers in the form of its protocol. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly reason: RefusalReason;
  readonly remedy: string | undefined;
  /** When to retry; absent when a retry would not help. */
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
