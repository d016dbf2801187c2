import type { PipelinesAnswer } from '../../server/routes/pipelines.ts';
import { trimTrailing } from '../../text/trim-trailing.ts';
import { proofOf, type ServerAddress } from '../running-server.ts';

const answerWithinMs = 5000;

/** Holds the token of a server that is named by its address; on a command line all users of the machine would see it. */
export const tokenVariable = 'TAILRACE_TOKEN';

/**
 * Asks a running server how its pipelines run.
 * @throws Error for people: it does not answer, or is no tailrace of this version
 */
export async function readPipelines(server: ServerAddress, signal?: AbortSignal): Promise<PipelinesAnswer> {
  const { url } = server;
  const address = `${trimTrailing(url, '/')}/api/pipelines`;
  const late = AbortSignal.timeout(answerWithinMs);
  const what = `cannot ask the server "${url}"`;
  const response = await fetch(address, {
    headers: proofOf(server),
    signal: signal ? AbortSignal.any([signal, late]) : late,
  }).catch((cause: unknown) => {
    const reason = late.aborted ? `no answer within ${answerWithinMs / 1000} s` : 'it does not answer';
    throw new Error(`${what}: ${reason}; start "tailrace up", or name another with --url`, { cause });
  });
  const answer = (await response.json().catch(() => undefined)) as PipelinesAnswer | undefined;
  if (response.ok && Array.isArray(answer?.pipelines)) return answer;
  if (response.status === 401) throw new Error(`${what}: it wants its token; set ${tokenVariable} to it, with --url`);
  throw new Error(`${what}: it answered ${response.status}; name a tailrace of this version with --url`);
}
