import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../api-error.ts';
import { shownSecret } from './shown-secret.ts';
import type { WrongTokenLimit } from './wrong-token-limit.ts';

export interface GuardedThing {
  /** Any of them admits. */
  readonly tokens: readonly string[];
  /** What is refused without it, completes "cannot …": `take these logs`. */
  readonly refusal: string;
  /** The setting that holds the token. */
  readonly setting: string;
}

/**
 * Admits requests that carry a token.
 *
 * @returns a check of a request; it throws ApiError `TAILRACE_TOKEN_REFUSED`, and `TAILRACE_BUSY` for an address that
 *   sent too many wrong tokens
 */
export function createTokenCheck(
  { tokens, refusal, setting }: GuardedThing,
  limit: WrongTokenLimit,
): (request: FastifyRequest) => void {
  const expected = tokens.map(digest);
  /** Authenticated connections: guesses by another client behind the same address do not lock them out. */
  const proven = new WeakSet<object>();
  return (request) => {
    const secret = shownSecret(request.headers);
    const { socket } = request.raw;
    const refused = new ApiError(401, 'TAILRACE_TOKEN_REFUSED', `cannot ${refusal}: the token is missing or wrong`, {
      remedy: `Send ${setting} as bearer token or as basic password; Firehose sends it as access key.`,
    });
    if (secret === undefined) throw refused;
    const waitSeconds = proven.has(socket) ? 0 : limit.waitSeconds(request.ip);
    if (waitSeconds > 0) {
      throw new ApiError(429, 'TAILRACE_BUSY', `cannot ${refusal}: too many wrong tokens came from your address`, {
        remedy: `Send ${setting}.`,
        retryAfterSeconds: waitSeconds,
      });
    }
    // Digests have one length, so the comparison time reveals nothing about the token.
    const shown = digest(secret);
    if (expected.filter((one) => timingSafeEqual(shown, one)).length > 0) {
      proven.add(socket);
      return;
    }
    proven.delete(socket);
    limit.count(request.ip, shown.toString('base64'));
    throw refused;
  };
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
