import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import type { Activity } from './activity.ts';
import { explain, isRefusedReceipt, UnmendableError } from './failure.ts';

/** As many as SQS gives and takes at once. */
export const maxMessagesAtOnce = 10;
const longPollSeconds = 20;

export interface QueueDepth {
  readonly waiting: number;
  readonly inFlight: number;
}

/**
 * The calls of SQS that a consumer needs; each is repeated while its failure may pass.
 * @throws {@link UnmendableError} with the IAM action that is missing; the signal's reason
 */
export class Queue {
  readonly url: string;
  /** The last part of its URL. */
  readonly name: string;
  private readonly sqs: SQSClient;
  private readonly activity: Activity;

  constructor(url: string, sqs: SQSClient, activity: Activity) {
    this.url = url;
    this.name = url.slice(url.lastIndexOf('/') + 1);
    this.sqs = sqs;
    this.activity = activity;
  }

  /** Waits up to 20 seconds for messages, which others do not see for so long. */
  async receive(visibilitySeconds: number, signal: AbortSignal): Promise<readonly Message[]> {
    const { ReceiveMessageCommand } = await import('@aws-sdk/client-sqs');
    const command = new ReceiveMessageCommand({
      QueueUrl: this.url,
      MaxNumberOfMessages: maxMessagesAtOnce,
      WaitTimeSeconds: longPollSeconds,
      VisibilityTimeout: visibilitySeconds,
      MessageSystemAttributeNames: ['SentTimestamp', 'ApproximateReceiveCount'],
    });
    const { Messages } = await this.call('receive messages', 'sqs:ReceiveMessage', signal, () =>
      this.sqs.send(command, { abortSignal: signal }),
    );
    return Messages ?? [];
  }

  /** When the receipt is too old, the message comes again, and what it tells of is known then. */
  async delete(receiptHandle: string, signal: AbortSignal): Promise<void> {
    const { DeleteMessageCommand } = await import('@aws-sdk/client-sqs');
    const command = new DeleteMessageCommand({ QueueUrl: this.url, ReceiptHandle: receiptHandle });
    await this.call('delete a message', 'sqs:DeleteMessage', signal, async () => {
      try {
        await this.sqs.send(command, { abortSignal: signal });
      } catch (error) {
        if (!isRefusedReceipt(error)) throw error;
      }
    });
  }

  /** At most ten. One that is gone meanwhile is passed over: it comes again, and is known then. */
  async hide(receiptHandles: readonly string[], seconds: number, signal: AbortSignal): Promise<void> {
    const { ChangeMessageVisibilityBatchCommand } = await import('@aws-sdk/client-sqs');
    const Entries = receiptHandles.map((ReceiptHandle, index) => ({
      Id: String(index),
      ReceiptHandle,
      VisibilityTimeout: seconds,
    }));
    const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.url, Entries });
    await this.call('keep messages', 'sqs:ChangeMessageVisibility', signal, () =>
      this.sqs.send(command, { abortSignal: signal }),
    );
  }

  async depth(signal: AbortSignal): Promise<QueueDepth> {
    const { GetQueueAttributesCommand } = await import('@aws-sdk/client-sqs');
    const command = new GetQueueAttributesCommand({
      QueueUrl: this.url,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    });
    const { Attributes = {} } = await this.call('look at the queue', 'sqs:GetQueueAttributes', signal, () =>
      this.sqs.send(command, { abortSignal: signal }),
    );
    return {
      waiting: Number(Attributes.ApproximateNumberOfMessages ?? 0),
      inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
    };
  }

  private async call<T>(verb: string, action: string, signal: AbortSignal, send: () => Promise<T>): Promise<T> {
    const what = `${verb} of queue "${this.url}"`;
    try {
      return await this.activity.repeat(what, signal, send);
    } catch (error) {
      if (signal.aborted) throw error;
      throw new UnmendableError(explain(error, what, action, `the queue ${this.name}`));
    }
  }
}
