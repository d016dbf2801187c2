import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { UnmendableError } from '../aws/explain-failure.ts';
import type { Sink } from '../source.ts';
import { type MessageInHand, MessagesInHand } from './messages-in-hand.ts';
import { parseNotification } from './notifications.ts';
import type { ObjectIntake } from './object-intake.ts';
import { maxMessagesAtOnce, type Queue } from './queue.ts';
import type { S3Activity } from './s3-activity.ts';

export interface QueueFollowerOptions {
  readonly queue: Queue;
  readonly intake: ObjectIntake;
  readonly activity: S3Activity;
  readonly sink: Sink;
  readonly visibilitySeconds: number;
  /** Messages in hand at once: enough for the sink to store many small objects together. */
  readonly maxInHand: number;
}

/** Time to delete or return messages in hand once the source stops. */
const farewellMs = 10_000;
const countEveryMs = 15_000;
const longestBackoffSeconds = 15 * 60;

/**
 * Stores the objects that a queue announces. A message is deleted when all its objects are stored, kept invisible to
 * others meanwhile, and returned to the queue when storing fails.
 */
export class QueueFollower {
  readonly inHand = new MessagesInHand();
  /** Number of visible messages, as SQS last reported; undefined when it does not. */
  waiting: number | undefined;
  #countedAtMs = 0;
  readonly #options: QueueFollowerOptions;

  constructor(options: QueueFollowerOptions) {
    this.#options = options;
  }

  /** Resolves when the signal has aborted and nothing is in hand any more. @throws UnmendableError */
  async run(signal: AbortSignal): Promise<void> {
    const failed = new AbortController();
    const ended = AbortSignal.any([signal, failed.signal]);
    const farewell = new AbortController();
    // Every message in hand adds listeners to these signals.
    setMaxListeners(0, ended, farewell.signal);
    ended.addEventListener('abort', () => setTimeout(() => farewell.abort(), farewellMs).unref(), { once: true });
    const fail = (error: unknown) => {
      if (!ended.aborted) failed.abort(error);
    };
    const working = new Set<Promise<void>>();
    const idle = new AbortController();
    const holding = this.#keepHidden(idle.signal).catch(fail);
    try {
      while (!ended.aborted) {
        for (const message of await this.#receive(ended)) {
          const work = this.#work(message, ended, farewell.signal)
            .catch(fail)
            .finally(() => working.delete(work));
          working.add(work);
        }
      }
    } catch (error) {
      fail(error);
    }
    await Promise.all(working);
    idle.abort();
    await holding;
    if (failed.signal.aborted) throw failed.signal.reason;
  }

  async #receive(ended: AbortSignal): Promise<readonly MessageInHand[]> {
    const { maxInHand, queue, sink, visibilitySeconds } = this.#options;
    while (this.inHand.size > maxInHand - maxMessagesAtOnce || sink.pressure().full) {
      await pause(20, undefined, { signal: ended });
    }
    await this.#countWaiting(ended);
    const messages = await queue.receive(visibilitySeconds, ended);
    return messages.map((message) => this.inHand.add(message)).filter((message) => message !== undefined);
  }

  /** For the status only: without the permission, the queue is followed all the same. */
  async #countWaiting(ended: AbortSignal): Promise<void> {
    if (Date.now() - this.#countedAtMs < countEveryMs) return;
    this.#countedAtMs = Date.now();
    try {
      this.waiting = await this.#options.queue.countWaiting(ended);
    } catch (error) {
      if (!(error instanceof UnmendableError)) throw error;
      this.waiting = undefined;
    }
  }

  async #work(message: MessageInHand, ended: AbortSignal, farewell: AbortSignal): Promise<void> {
    const { activity, intake, queue } = this.#options;
    const notification = parseNotification(message.body);
    if (notification.kind === 'unknown') {
      this.inHand.remove(message);
      activity.counts.unknownMessages++;
      activity.lastOddity = `a message is no notification of S3: ${notification.reason}; look at it, or give the queue a redrive policy`;
      return;
    }
    const { created, removed } = notification.kind === 'events' ? notification : { created: [], removed: 0 };
    const taken = await Promise.allSettled(created.map((object) => intake.take(object, ended)));
    const refusals = taken.filter((result) => result.status === 'rejected').map(({ reason }) => reason as Error);
    this.inHand.remove(message);
    if (refusals.length > 0) return this.#giveBack(message, refusals, ended, farewell);
    activity.counts.removed += removed;
    await queue.delete(message.receiptHandle, farewell);
  }

  /** With a backoff that grows with every receive, or at once when it is meant for another worker. */
  async #giveBack(
    message: MessageInHand,
    refusals: readonly Error[],
    ended: AbortSignal,
    farewell: AbortSignal,
  ): Promise<void> {
    const { activity, queue } = this.#options;
    const seconds = ended.aborted ? 0 : Math.min(longestBackoffSeconds, 2 ** Math.min(message.receives, 10));
    if (!ended.aborted) {
      activity.counts.failed++;
      activity.lastOddity = refusals[0]?.message;
    }
    const unmendable = refusals.find((error) => error instanceof UnmendableError);
    await queue.hide([message.receiptHandle], seconds, farewell);
    if (unmendable) throw unmendable;
  }

  async #keepHidden(idle: AbortSignal): Promise<void> {
    const { queue, visibilitySeconds } = this.#options;
    while (!idle.aborted) {
      await pause((visibilitySeconds * 1000) / 3, undefined, { signal: idle }).catch(() => {});
      if (idle.aborted) return;
      for (const ten of this.inHand.tens()) {
        const handles = ten.map(({ receiptHandle }) => receiptHandle);
        await queue.hide(handles, visibilitySeconds, idle);
      }
    }
  }
}
