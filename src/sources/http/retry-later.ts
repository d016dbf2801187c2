import { Refusal } from './refusal.ts';

/** Refusal for a sender that should retry soon. Jitter keeps many senders from retrying at the same time. */
export function busy(cause: string): Refusal {
  return new Refusal('busy', `cannot take more logs now: ${cause}`, {
    remedy: 'Send the same again after the time in Retry-After.',
    retryAfterSeconds: jitter(1, 5),
  });
}

/** Refusal while the store accepts nothing, which may last longer. */
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
