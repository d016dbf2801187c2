import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isLoopback } from '../allowed-host.ts';
import { ApiError } from '../api-error.ts';

/**
 * Who may send logs: on a loopback address everybody on this machine, else who knows the token.
 *
 * @param host where the server listens
 * @returns a check of a request's headers; it throws ApiError `TAILRACE_TOKEN_REFUSED` or `TAILRACE_ORIGIN_REFUSED`
 * @throws Error that says what to do when strangers could send
 */
export function createAccessCheck(host: string, token?: string): (headers: IncomingHttpHeaders) => void {
  if (token === undefined && !isLoopback(host)) {
    throw new Error(
      `cannot take logs on "${host}": everybody who reaches this address could send some; ` +
        'set server.token, or listen on 127.0.0.1',
    );
  }
  const expected = token === undefined ? undefined : digest(token);
  return (headers) => {
    refuseOtherSites(headers);
    if (expected === undefined) return;
    // Digests have one length, so that the time of the comparison tells nothing about the token.
    if (offeredSecrets(headers).some((secret) => timingSafeEqual(digest(secret), expected))) return;
    throw new ApiError(401, 'TAILRACE_TOKEN_REFUSED', 'cannot take these logs: the token is missing or wrong', {
      remedy: 'Send server.token as bearer token, as basic password, or as X-Amz-Firehose-Access-Key.',
    });
  };
}

/** Any content type is taken, so a page of a stranger could post without asking first; its browser says where it is from. */
function refuseOtherSites({ origin, host }: IncomingHttpHeaders): void {
  if (origin === undefined || origin === `http://${host}` || origin === `https://${host}`) return;
  throw new ApiError(403, 'TAILRACE_ORIGIN_REFUSED', `cannot take logs from pages of "${origin}"`, {
    remedy: 'Send them from a program, or through a server of that site.',
  });
}

function offeredSecrets(headers: IncomingHttpHeaders): string[] {
  const key = headers['x-amz-firehose-access-key'];
  const [, scheme = '', credentials = ''] = /^(\w+) +(\S+)$/.exec(headers.authorization ?? '') ?? [];
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return [credentials];
    case 'basic':
      return [
        Buffer.from(credentials, 'base64')
          .toString()
          .replace(/^[^:]*:/, ''),
      ];
    default:
      return typeof key === 'string' ? [key] : [];
  }
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
