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
 * Whom an address is for; `owner` is the user who runs the server, on the same machine. A route that does not say is for readers, and so is what does not exist: what is new is closed
 * until somebody opens it.
 */
export type Audience = 'everybody' | 'senders' | 'readers' | 'owner';

declare module 'fastify' {
  interface FastifyContextConfig {
    audience?: Audience;
  }
}

export interface AccessOptions {
  /** Where the server listens. */
  readonly host: string;
  readonly allowedHosts?: readonly string[];
  /** What senders must show, and readers where others can reach the address. */
  readonly token?: string;
  /** What readers must show instead, on any address. */
  readonly readToken?: string;
}

/**
 * @param ownToken what processes of the same user find beside the store; without it nobody is the owner
 * @returns a check of a request before anything of it is read; it throws ApiError
 * @throws Error that says what to do when strangers could read or send
 */
export function createAccessCheck(
  options: AccessOptions,
  ownToken: string = randomUUID(),
): (request: FastifyRequest, audience: Audience) => void {
  requireToken(options);
  const { host, token } = options;
  const checkHost = createHostCheck(host, options.allowedHosts);
  const limit = new WrongTokenLimit();
  const sending = token === undefined ? undefined : { token, refusal: 'take these logs', setting: 'server.token' };
  const read = readersToken(options);
  const reading = read && { ...read, refusal: 'answer' };
  const checks = {
    everybody: undefined,
    senders: sending && createTokenCheck(sending, limit),
    readers: reading && createTokenCheck(reading, limit),
    owner: createTokenCheck(
      { token: ownToken, refusal: 'store these files', setting: 'the ownToken of server.json in the store' },
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

/** @throws Error that says what to do when strangers could read or send */
export function requireToken({ host, token }: AccessOptions): void {
  const problem = whyTokenIsNeeded(host, token !== undefined);
  if (problem) throw new Error(`cannot listen on "${host}": ${problem.cause}; ${problem.remedy}`);
}

/** What readers must show, and where it is set; undefined where everybody on this machine may read. */
export function readersToken({
  host,
  token,
  readToken,
}: AccessOptions): { token: string; setting: string } | undefined {
  if (readToken !== undefined) return { token: readToken, setting: 'server.readToken' };
  return token === undefined || isLoopback(host) ? undefined : { token, setting: 'server.token' };
}
