import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { isLoopback } from '../../config/loopback.ts';
import { whyTokenIsNeeded } from '../../config/sections/server-section.ts';
import { createHostCheck } from './allowed-host.ts';
import { refuseOtherSites } from './other-sites.ts';
import { refuseRepeatedHeaders } from './single-headers.ts';
import { createTokenCheck } from './token-check.ts';
import { WrongTokenLimit } from './wrong-token-limit.ts';

/**
 * Who may call a route; `owner` is the user who runs the server, on the same machine; `operator` is the owner too, and whoever
 * was given the token of operators. Routes without a value, and
 * unknown paths, are for readers: a new route is closed until it is opened explicitly.
 */
export type Audience = 'everybody' | 'senders' | 'readers' | 'operator' | 'owner';

declare module 'fastify' {
  interface FastifyContextConfig {
    audience?: Audience;
  }
}

export interface AccessOptions {
  /** Address that the server listens on. */
  readonly host: string;
  readonly allowedHosts?: readonly string[];
  /** Token of senders, and of readers if other machines can reach the address. */
  readonly token?: string;
  /** Separate token of readers, required on any address. */
  readonly readToken?: string;
  /** Token of operators; without it only the owner is one. */
  readonly operatorToken?: string;
}

/**
 * @param ownToken token that processes of the same user find beside the store; without it no request is the owner's
 * @returns a check of a request before its body is read; it throws ApiError
 * @throws Error with a remedy when the address is reachable from other machines without a token
 */
export function createAccessCheck(
  options: AccessOptions,
  ownToken: string = randomUUID(),
): (request: FastifyRequest, audience: Audience) => void {
  requireToken(options);
  const { host, token, operatorToken } = options;
  const checkHost = createHostCheck(host, options.allowedHosts);
  const limit = new WrongTokenLimit();
  const sending =
    token === undefined ? undefined : { tokens: [token], refusal: 'take these logs', setting: 'server.token' };
  const read = readersToken(options);
  const reading = read && { tokens: [read.token], setting: read.setting, refusal: 'answer' };
  const checks = {
    everybody: undefined,
    senders: sending && createTokenCheck(sending, limit),
    readers: reading && createTokenCheck(reading, limit),
    operator: createTokenCheck(
      {
        tokens: operatorToken === undefined ? [ownToken] : [ownToken, operatorToken],
        refusal: 'do that',
        setting: 'the token in the address that "tailrace console" prints, or server.operatorToken,',
      },
      limit,
    ),
    owner: createTokenCheck(
      { tokens: [ownToken], refusal: 'do that', setting: 'the ownToken of server.json in the store' },
      limit,
    ),
  };
  return (request, audience) => {
    refuseRepeatedHeaders(request.raw.rawHeaders);
    checkHost(request.headers.host, request.socket.localAddress);
    refuseOtherSites(request);
    checks[audience]?.(request);
  };
}

/** @throws Error with a remedy when the address is reachable from other machines without a token */
export function requireToken({ host, token }: AccessOptions): void {
  const problem = whyTokenIsNeeded(host, token !== undefined);
  if (problem) throw new Error(`cannot listen on "${host}": ${problem.cause}; ${problem.remedy}`);
}

/** Token of readers, and the setting that holds it; undefined when any user of this machine may read. */
export function readersToken({
  host,
  token,
  readToken,
}: AccessOptions): { token: string; setting: string } | undefined {
  if (readToken !== undefined) return { token: readToken, setting: 'server.readToken' };
  return token === undefined || isLoopback(host) ? undefined : { token, setting: 'server.token' };
}
