/** What a cluster answers. */
export interface Answer {
  readonly status: number;
  /** Parsed JSON; undefined when it is none. */
  readonly body: unknown;
  /** Its beginning. */
  readonly text: string;
  /** Pause that the server asks for. */
  readonly retryAfterMs: number;
}

/** As the cluster reports the failure of a request or of one document. */
export interface ErrorCause {
  readonly type?: string;
  readonly reason?: string;
  readonly caused_by?: ErrorCause;
}

/** What an answer says of a failure; AWS's own layer says it in `message` or `Message`. */
export function errorOf({ body, text }: Answer): ErrorCause {
  const { error, message, Message } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof error === 'object' && error !== null) return error;
  return { reason: String(error ?? message ?? Message ?? text) };
}
