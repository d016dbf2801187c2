import { Refusal } from './refusal.ts';

/** The answer to a sender that should come again soon. Jitter, so that many senders do not come back together. */
export function busy(cause: string): Refusal {
  return new Refusal('busy', `cannot take more logs now: ${cause}`, {
    remedy: 'Send the same again after the time in Retry-After.',
    retryAfterSeconds: jitter(1, 5),
  });
}

/** The answer when the store takes nothing: it may last longer. */
export function unavailable(cause: string, error?: unknown): Refusal {
  return new Refusal('unavailable', `cannot store logs now: ${cause}`, {
    remedy: 'Send the same again after the time in Retry-After.',
    retryAfterSeconds: jitter(5, 15),
    cause: error,
  });
}

function jitter(least: number, most: number): number {
  return least + Math.floor(Math.random() * (most - least + 1));
}
