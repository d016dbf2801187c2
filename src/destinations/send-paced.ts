import type { Pace } from './pace.ts';

/**
 * Sends parts, as many at once as the pace says. The first failure aborts what is on its way.
 * @throws that failure, when nothing is on its way any more
 */
export async function sendPaced<T>(
  parts: AsyncIterable<T> | Iterable<T>,
  pace: Pick<Pace, 'limit'>,
  own: AbortController,
  send: (part: T) => Promise<void>,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  try {
    for await (const part of parts) {
      while (underWay.size >= pace.limit) await Promise.race(underWay);
      const sent: Promise<void> = send(part).finally(() => underWay.delete(sent));
      // A failure is noticed with the next part, or at the end.
      sent.catch((cause) => own.abort(cause));
      underWay.add(sent);
      own.signal.throwIfAborted();
    }
    await Promise.all(underWay);
    own.signal.throwIfAborted();
  } catch (cause) {
    own.abort(cause);
    await Promise.allSettled(underWay);
    throw cause;
  }
}
