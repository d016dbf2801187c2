/** What an answer means for the rows that were sent. */
export type Verdict = 'taken' | 'too large' | 'later' | 'unfit' | 'failed';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The first bytes of its body. */
  readonly start: string;
}

/** 408, 425, 429 and 5xx pass; 409 says that the same key is under way. */
export function judgeAnswer({ status }: Pick<Answer, 'status'>): Verdict {
  if (status >= 200 && status < 300) return 'taken';
  if (status === 413) return 'too large';
  if ([408, 409, 425, 429].includes(status) || status >= 500) return 'later';
  return status === 400 || status === 422 ? 'unfit' : 'failed';
}

/** A sentence with a remedy. @param secrets texts that a receiver may repeat, and that are not to be shown */
export function explainAnswer(answer: Answer, secrets: readonly string[]): string {
  const { status, headers } = answer;
  const said = excerpt(answer.start, secrets);
  const remedy = remedies[status] ?? otherRemedy(status);
  return `it answered ${status}${said && `, ${said}`}${redirectTo(headers)}; ${remedy}`;
}

const remedies: Readonly<Record<number, string>> = {
  400: 'see why the receiver does not take this request',
  401: 'check the credentials in headers, and the secret',
  403: 'check the credentials in headers, and what they are allowed to do',
  404: 'check the path in url',
  405: 'check the path in url: it must take POST',
  413: 'let the receiver take larger requests',
  415: 'check format and compression: the receiver must know them',
  422: 'see why the receiver does not take this request',
  429: 'let the receiver take more requests, or wait',
};

function otherRemedy(status: number): string {
  if (status >= 500) return 'see the log of the receiver';
  return status < 400
    ? 'write the final address as url: a redirect is not followed, lest credentials go elsewhere'
    : 'check url and the receiver';
}

/** Without the path, which may hold a credential. */
function redirectTo(headers: Headers): string {
  const location = headers.get('location') ?? '';
  return URL.canParse(location) ? `, which leads to ${new URL(location).origin}` : '';
}

const mostCharacters = 200;

function excerpt(text: string, secrets: readonly string[]): string {
  const hidden = secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
  const line = hidden.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  if (line === '') return '';
  return `"${line.length > mostCharacters ? `${line.slice(0, mostCharacters)}…` : line}"`;
}

/** Texts of a request that an answer may repeat, and that are not to be shown. */
export function credentialsOf({ headers, secret = '' }: Credentials): string[] {
  const values = Object.values(headers).flatMap((value) => [value, value.slice(value.indexOf(' ') + 1)]);
  return [...values, secret].filter((text) => text.length > 3);
}

export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly secret?: string | undefined;
}

/** Milliseconds that the receiver asks to wait: seconds, or a date. Undefined when it does not. */
export function retryAfterMs({ headers }: Pick<Answer, 'headers'>, nowMs = Date.now()): number | undefined {
  const written = headers.get('retry-after')?.trim() ?? '';
  const waitMs = /^\d{1,9}$/.test(written) ? Number(written) * 1000 : Date.parse(written) - nowMs;
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}
