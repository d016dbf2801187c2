import type { PipelinesAnswer } from '../../server/routes/pipelines.ts';
import type { RetentionAnswer } from '../../server/routes/retention.ts';
import { trimTrailing } from '../../text/trim-trailing.ts';
import { proofOf, type ServerAddress } from '../running-server.ts';

const answerWithinMs = 5000;

/** Token of a server named by its address; on a command line all users of the machine could see it. */
export const tokenVariable = 'TAILRACE_TOKEN';

/**
 * Reads the state of the pipelines from a running server.
 * @throws Error for the user: the server does not answer, or is not a tailrace of this version
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

/** What retention has done and does next; null before its first look, and where there is none or no answer. */
export async function readRetention(server: ServerAddress, signal?: AbortSignal): Promise<RetentionAnswer | null> {
  const late = AbortSignal.timeout(answerWithinMs);
  try {
    const response = await fetch(`${trimTrailing(server.url, '/')}/api/retention`, {
      headers: proofOf(server),
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    const answer = (await response.json()) as RetentionAnswer | null;
    return response.ok && answer?.plan ? answer : null;
  } catch {
    // The picture of the pipelines matters more, and says when the server does not answer.
    return null;
  }
}
