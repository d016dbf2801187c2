import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import type { Activity } from '../aws/activity.ts';
import type { AwsCall } from '../aws/explain-failure.ts';
import { isNamed } from '../aws/failure-kind.ts';

/** Limit of messages per SQS call. */
export const maxMessagesAtOnce = 10;
const longPollSeconds = 20;

/**
 * The SQS calls that a consumer needs; each is retried while its failure is transient.
 * @throws UnmendableError, which names the IAM action; the signal's reason
 */
export class Queue {
  readonly #url: string;
  readonly #sqs: SQSClient;
  readonly #activity: Activity;

  constructor(url: string, sqs: SQSClient, activity: Activity) {
    this.#url = url;
    this.#sqs = sqs;
    this.#activity = activity;
  }

  /** Waits up to 20 seconds for messages, which then stay invisible to others for `visibilitySeconds`. */
  async receive(visibilitySeconds: number, signal: AbortSignal): Promise<readonly Message[]> {
    const { ReceiveMessageCommand } = await import('@aws-sdk/client-sqs');
    const command = new ReceiveMessageCommand({
      QueueUrl: this.#url,
      MaxNumberOfMessages: maxMessagesAtOnce,
      WaitTimeSeconds: longPollSeconds,
      VisibilityTimeout: visibilitySeconds,
      MessageSystemAttributeNames: ['SentTimestamp', 'ApproximateReceiveCount'],
    });
    const { Messages } = await this.#call('receive messages of', 'ReceiveMessage', signal, () =>
      this.#sqs.send(command, { abortSignal: signal }),
    );
    return Messages ?? [];
  }

  /** When the receipt handle has expired, the message is delivered again, and its objects are known then. */
  async delete(receiptHandle: string, signal: AbortSignal): Promise<void> {
    const { DeleteMessageCommand } = await import('@aws-sdk/client-sqs');
    const command = new DeleteMessageCommand({ QueueUrl: this.#url, ReceiptHandle: receiptHandle });
    await this.#call('delete a message of', 'DeleteMessage', signal, async () => {
      try {
        await this.#sqs.send(command, { abortSignal: signal });
      } catch (error) {
        if (!isRefusedReceipt(error)) throw error;
      }
    });
  }

  /** At most ten. A message whose receipt handle expired is skipped: it is delivered again, with known objects. */
  async hide(receiptHandles: readonly string[], seconds: number, signal: AbortSignal): Promise<void> {
    const { ChangeMessageVisibilityBatchCommand } = await import('@aws-sdk/client-sqs');
    const Entries = receiptHandles.map((ReceiptHandle, index) => ({
      Id: String(index),
      ReceiptHandle,
      VisibilityTimeout: seconds,
    }));
    const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.#url, Entries });
    await this.#call('keep messages of', 'ChangeMessageVisibility', signal, () =>
      this.#sqs.send(command, { abortSignal: signal }),
    );
  }

  /** Approximate number of visible messages. */
  async countWaiting(signal: AbortSignal): Promise<number> {
    const { GetQueueAttributesCommand } = await import('@aws-sdk/client-sqs');
    const command = new GetQueueAttributesCommand({
      QueueUrl: this.#url,
      AttributeNames: ['ApproximateNumberOfMessages'],
    });
    const { Attributes = {} } = await this.#call('look at', 'GetQueueAttributes', signal, () =>
      this.#sqs.send(command, { abortSignal: signal }),
    );
    return Number(Attributes.ApproximateNumberOfMessages ?? 0);
  }

  #call<T>(verb: string, action: string, signal: AbortSignal, send: () => Promise<T>): Promise<T> {
    return this.#activity.call(callOnQueue(this.#url, verb, action), signal, send);
  }
}

/**
 * @param verb readable name of the call: `receive messages of`
 * @param action without `sqs:`
 */
export function callOnQueue(url: string, verb: string, action: string): AwsCall {
  const resource = `the queue "${queueName(url)}"`;
  return { what: `${verb} queue "${url}"`, action: `sqs:${action}`, resource, decrypts: true };
}

/** The last part of its URL. */
export function queueName(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

/** SQS does not accept a receipt handle, or no longer; not a missing permission. */
export function isRefusedReceipt(error: unknown): boolean {
  return isNamed(error, /ReceiptHandle|InvalidParameterValue|MessageNotInflight/);
}
