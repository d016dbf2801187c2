import type { PublishCommandInput } from '@aws-sdk/client-sns';
import { type AwsGrant, grantsTo } from '../../sources/aws/aws-grant.ts';
import { type AwsAccess, awsClientOptions } from '../../sources/aws/client-options.ts';
import { explain } from '../../sources/aws/explain-failure.ts';
import { failureKind, isNamed } from '../../sources/aws/failure-kind.ts';
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
      const error = await publish(options, publication(options.topic, message), signal);
      if (error === undefined) return { kind: 'taken' };
      return { kind: failureKind(error) === 'passing' ? 'later' : 'refused', reason: explainPublish(options, error) };
    },
    // No topic takes a message without text: who may publish is told that, and others that they may not.
    async check(signal) {
      const error = await publish(options, { TopicArn: options.topic, Message: '' }, signal);
      const isAsMeant = error === undefined || isNamed(error, /^(InvalidParameter|Validation)/);
      return isAsMeant ? [] : [explainPublish(options, error)];
    },
  };
}

/** @returns the SDK's error, if there is one. @throws only the reason of the signal */
async function publish(options: SnsOptions, input: PublishCommandInput, signal: AbortSignal): Promise<unknown> {
  const { PublishCommand, SNSClient } = await import('@aws-sdk/client-sns');
  const client = new SNSClient(await awsClientOptions(options, { requestTimeoutMs: options.timeoutMs }));
  try {
    await client.send(new PublishCommand(input), { abortSignal: signal });
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    return error;
  } finally {
    client.destroy();
  }
}

function explainPublish({ topic }: SnsOptions, error: unknown): string {
  return explain(error, { what: `publish to "${topic}"`, action: 'sns:Publish', resource: topic }).message;
}

/** What the policy of a topic's publisher must allow. */
export function snsGrants(options: Pick<SnsOptions, 'topic' | 'assumeRole'>): readonly AwsGrant[] {
  return grantsTo(options, [{ actions: ['sns:Publish'], resources: [options.topic] }]);
}

function publication(topic: string, message: Message): PublishCommandInput {
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
