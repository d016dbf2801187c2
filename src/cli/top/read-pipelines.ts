import type { PipelinesAnswer } from '../../server/routes/pipelines.ts';

const answerWithinMs = 5000;

/**
 * Asks a running server how its pipelines run.
 * @throws Error for people: it does not answer, or is no tailrace of this version
 */
export async function readPipelines(url: string, signal?: AbortSignal): Promise<PipelinesAnswer> {
  const address = `${url.replace(/\/+$/, '')}/api/pipelines`;
  const late = AbortSignal.timeout(answerWithinMs);
  const what = `cannot ask the server "${url}"`;
  const response = await fetch(address, { signal: signal ? AbortSignal.any([signal, late]) : late }).catch(
    (cause: unknown) => {
      const reason = late.aborted ? `no answer within ${answerWithinMs / 1000} s` : 'it does not answer';
      throw new Error(`${what}: ${reason}; start "tailrace up", or name another with --url`, { cause });
    },
  );
  const answer = (await response.json().catch(() => undefined)) as PipelinesAnswer | undefined;
  if (response.ok && Array.isArray(answer?.pipelines)) return answer;
  throw new Error(`${what}: it answered ${response.status}; name a tailrace of this version with --url`);
}
