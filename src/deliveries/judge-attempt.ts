import { pauseAfter, type SendOutcome } from '../webhooks/send-webhook.ts';
import type { DeliveryState } from './delivery-book.ts';

/** A message that is tried. */
export interface Tried {
  /** Number of this attempt, from 1. */
  readonly attempt: number;
  /** By the clock of the store, epoch ms. */
  readonly writtenAtMs: number;
  /** How old a message becomes that is tried again. */
  readonly giveUpAfterMs: number;
}

export interface Judged {
  readonly state: DeliveryState;
  /** Empty when it was taken. */
  readonly problem: string;
  /** Milliseconds until the receiver is to be asked again; 0 unless it may take the message later. */
  readonly pauseMs: number;
}

/** What an attempt comes to: a refusal is for good, and what may be taken later is given up when it is old. */
export function judgeAttempt({ attempt, writtenAtMs, giveUpAfterMs }: Tried, outcome: SendOutcome): Judged {
  if (outcome.kind === 'taken') return { state: 'delivered', problem: '', pauseMs: 0 };
  if (outcome.kind === 'refused') return { state: 'dead', problem: outcome.reason, pauseMs: 0 };
  const isOld = Date.now() - writtenAtMs > giveUpAfterMs;
  return { state: isOld ? 'dead' : 'failed', problem: outcome.reason, pauseMs: pauseAfter(attempt, outcome) };
}
