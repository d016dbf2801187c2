import { type AwsGrant, grantsTo } from '../../sources/aws/aws-grant.ts';
import { type AwsAccess, awsClientOptions } from '../../sources/aws/client-options.ts';
import { explain } from '../../sources/aws/explain-failure.ts';
import { failureKind } from '../../sources/aws/failure-kind.ts';
import type { Message } from '../message.ts';
import { textOf } from './message-text.ts';
import type { Receiver } from './receiver.ts';

export interface SnsOptions extends AwsAccess {
  /** ARN of the topic. */
  readonly topic: string;
  readonly timeoutMs: number;
}

const mostSubject = 100;

/**
 * Publishes to a topic: text for people, JSON for programs, and attributes by which subscriptions filter. In a FIFO topic
 * the key of a message keeps it from being told twice within 5 minutes.
 * https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export function createSnsReceiver(options: SnsOptions): Receiver {
  return {
    async deliver(message, signal) {
      const { PublishCommand, SNSClient } = await import('@aws-sdk/client-sns');
      const client = new SNSClient(await awsClientOptions(options, { requestTimeoutMs: options.timeoutMs }));
      try {
        await client.send(new PublishCommand(publication(options.topic, message)), { abortSignal: signal });
        return { kind: 'taken' };
      } catch (error) {
        signal.throwIfAborted();
        const resource = options.topic;
        const call = { what: `publish to "${resource}"`, action: 'sns:Publish', resource };
        const reason = explain(error, call).message;
        return { kind: failureKind(error) === 'passing' ? 'later' : 'refused', reason };
      } finally {
        client.destroy();
      }
    },
  };
}

/** What the policy of a topic's publisher must allow. */
export function snsGrants(options: Pick<SnsOptions, 'topic' | 'assumeRole'>): readonly AwsGrant[] {
  return grantsTo(options, [{ actions: ['sns:Publish'], resources: [options.topic] }]);
}

function publication(topic: string, message: Message) {
  const { alert, status, severity, summary, key, fingerprint } = message;
  const [text, json] = [textOf(message), JSON.stringify(message)];
  const attribute = (value: string) => ({ DataType: 'String', StringValue: value });
  return {
    TopicArn: topic,
    // Printable ASCII only.
    Subject: summary.replaceAll(/[^ -~]+/g, '?').slice(0, mostSubject),
    MessageStructure: 'json',
    Message: JSON.stringify({ default: text, sqs: json, lambda: json, http: json, https: json, firehose: json }),
    MessageAttributes: { alert: attribute(alert), status: attribute(status), severity: attribute(severity) },
    ...(topic.endsWith('.fifo') ? { MessageGroupId: fingerprint, MessageDeduplicationId: key } : {}),
  };
}
