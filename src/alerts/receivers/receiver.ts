import type { SendOutcome } from '../../webhooks/send-webhook.ts';
import type { Message } from '../message.ts';

/** Tells somebody what an alert has found. Creating one does no I/O. */
export interface Receiver {
  /**
   * Tells it once. A message may come again after a crash: with the same key, which must be handed on where the protocol
   * has a place for it. Must stop soon when the signal aborts, and must take a bounded time by itself.
   * @throws only the reason of the signal
   */
  deliver(message: Message, signal: AbortSignal): Promise<SendOutcome>;
  /** Whether it could be told something now; tells nothing. @returns problems with remedies, without credentials */
  check(signal: AbortSignal): Promise<readonly string[]>;
}
