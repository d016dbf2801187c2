import { randomUUID } from 'node:crypto';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeAll, describe, expect, test } from 'vitest';
import { setTestCredentials } from '../../sources/test-doubles/local-stream.ts';
import { firing } from '../test-doubles/messages.ts';
import { createSnsReceiver, snsGrants } from './sns-receiver.ts';

const endpoint = process.env.TAILRACE_TEST_AWS_URL;
if (!endpoint) console.info('skipped: a topic of SNS, because TAILRACE_TEST_AWS_URL is not set');

const { signal } = new AbortController();
const region = 'us-east-1';

beforeAll(setTestCredentials);

describe.skipIf(!endpoint)('a topic', () => {
  const access = { region, ...(endpoint ? { endpoint } : {}) };

  /** @returns the topic and what its queue has received */
  async function subscribe(name: string) {
    const [sns, sqs] = [new SNSClient(access), new SQSClient(access)];
    const attributes = name.endsWith('.fifo') ? { FifoTopic: 'true' } : {};
    const { TopicArn: topic = '' } = await sns.send(new CreateTopicCommand({ Name: name, Attributes: attributes }));
    const queue = name.endsWith('.fifo') ? { FifoQueue: 'true' } : {};
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: queue }));
    const arn = `arn:aws:sqs:${region}:123456789012:${name}`;
    await sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: 'sqs', Endpoint: arn }));
    // The topic hands messages to the queue after it has answered: the queue is waited for.
    const received = async (waitSeconds = 20) => {
      const limits = { MaxNumberOfMessages: 10, WaitTimeSeconds: waitSeconds };
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, ...limits }));
      return Messages.map(({ Body = '' }) => JSON.parse(Body) as Record<string, string>);
    };
    return { topic, received };
  }

  test('a queue behind it gets the message as JSON, with what subscriptions filter by', async () => {
    const { topic, received } = await subscribe('alerts');
    const receiver = createSnsReceiver({ topic, ...access, timeoutMs: 10_000 });
    expect(await receiver.deliver(firing, signal)).toEqual({ kind: 'taken' });
    const [found] = await received();
    expect(JSON.parse(found?.Message ?? '')).toEqual(firing);
    expect(found).toMatchObject({
      Subject: firing.summary,
      MessageAttributes: { alert: { Value: 'errors' }, status: { Value: 'firing' }, severity: { Value: 'critical' } },
    });
  });

  test('a FIFO topic is told a message once, however often it is sent', async () => {
    const { topic, received } = await subscribe(`alerts-${randomUUID()}.fifo`);
    const receiver = createSnsReceiver({ topic, ...access, timeoutMs: 10_000 });
    for (let time = 0; time < 2; time++) expect(await receiver.deliver(firing, signal)).toEqual({ kind: 'taken' });
    expect(await received()).toHaveLength(1);
    expect(await received(2)).toEqual([]);
  });

  // A topic of its own: this server hands the empty message to its queues, which SNS refuses.
  test('a topic that may be published to has no problem', async () => {
    const { topic } = await subscribe('checked');
    const receiver = createSnsReceiver({ topic, ...access, timeoutMs: 10_000 });
    expect(await receiver.check(signal)).toEqual([]);
  });

  test('a topic that is not there is refused with a remedy', async () => {
    const topic = `arn:aws:sns:${region}:123456789012:none`;
    const receiver = createSnsReceiver({ topic, ...access, timeoutMs: 10_000 });
    expect(await receiver.check(signal)).toEqual([expect.stringContaining(topic)]);
    const outcome = await receiver.deliver(firing, signal);
    expect(outcome).toMatchObject({ kind: 'refused', reason: expect.stringContaining(topic) });
  });
});

test('a service that does not answer is asked again', async () => {
  const topic = `arn:aws:sns:${region}:123456789012:alerts`;
  const away = createSnsReceiver({ topic, region, endpoint: 'http://127.0.0.1:9', timeoutMs: 10_000 });
  expect((await away.deliver(firing, signal)).kind).toBe('later');
});

test('its policy allows publishing to this topic alone', () => {
  const topic = 'arn:aws:sns:us-east-1:123456789012:alerts';
  expect(snsGrants({ topic })).toEqual([{ role: undefined, actions: ['sns:Publish'], resources: [topic] }]);
});
