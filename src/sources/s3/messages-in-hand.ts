import type { Message } from '@aws-sdk/client-sqs';

/** A received message that is neither deleted nor returned to the queue yet. */
export interface MessageInHand {
  readonly id: string;
  readonly body: string;
  /** How often it was received, including this time. */
  readonly receives: number;
  readonly sentAtMs: number;
  readonly takenAtMs: number;
  /** Receipt handle of the latest receive, the only one that can delete the message. */
  receiptHandle: string;
}

/** The messages that this process works on, by id. */
export class MessagesInHand {
  readonly #messages = new Map<string, MessageInHand>();

  get size(): number {
    return this.#messages.size;
  }

  /** @returns undefined when the message is in hand already, i.e. was delivered a second time */
  add({ MessageId: id = '', ReceiptHandle: receiptHandle = '', Body: body = '', Attributes }: Message) {
    const held = this.#messages.get(id);
    if (held) {
      held.receiptHandle = receiptHandle;
      return undefined;
    }
    const message: MessageInHand = {
      id,
      body,
      receives: Number(Attributes?.ApproximateReceiveCount ?? 1),
      sentAtMs: Number(Attributes?.SentTimestamp ?? Date.now()),
      takenAtMs: Date.now(),
      receiptHandle,
    };
    this.#messages.set(id, message);
    return message;
  }

  remove(message: MessageInHand): void {
    this.#messages.delete(message.id);
  }

  /** In groups of ten, the limit of one call. */
  *tens(): Generator<readonly MessageInHand[]> {
    const all = [...this.#messages.values()];
    for (let start = 0; start < all.length; start += 10) yield all.slice(start, start + 10);
  }

  /** Milliseconds since the oldest was sent, and since the earliest was received; undefined when there is none. */
  ages(nowMs = Date.now()): { readonly sentMs: number; readonly heldMs: number } | undefined {
    if (this.#messages.size === 0) return undefined;
    let [sentAtMs, takenAtMs] = [nowMs, nowMs];
    for (const message of this.#messages.values()) {
      sentAtMs = Math.min(sentAtMs, message.sentAtMs);
      takenAtMs = Math.min(takenAtMs, message.takenAtMs);
    }
    return { sentMs: nowMs - sentAtMs, heldMs: nowMs - takenAtMs };
  }
}
