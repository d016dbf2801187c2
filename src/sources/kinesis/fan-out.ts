import { setTimeout as pause } from 'node:timers/promises';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { awsClientOptions } from '../aws/client-options.ts';
import { explain } from '../aws/explain-failure.ts';
import { failureKind } from '../aws/failure-kind.ts';
import { callOnStream, type Stream } from './open-stream.ts';

/** A registered consumer of a stream, to which its shards are pushed over HTTP/2. */
export interface FanOut {
  readonly client: KinesisClient;
  readonly consumerArn: string;
}

/** Registers the consumer when it does not exist, and waits until it may subscribe. */
export async function openFanOut(stream: Stream, consumer: string, signal: AbortSignal): Promise<FanOut> {
  const { DescribeStreamConsumerCommand, RegisterStreamConsumerCommand } = await import('@aws-sdk/client-kinesis');
  const name = { StreamARN: await findArn(stream, signal), ConsumerName: consumer };
  for (;;) {
    const description = await stream
      .call('DescribeStreamConsumer', signal, (client, options) =>
        client.send(new DescribeStreamConsumerCommand(name), options),
      )
      .then(({ ConsumerDescription }) => ConsumerDescription)
      .catch((error) => {
        if (failureKind(error) !== 'missing') throw error;
      });
    if (description?.ConsumerStatus === 'ACTIVE' && description.ConsumerARN) {
      return { client: await openPushClient(stream), consumerArn: description.ConsumerARN };
    }
    if (!description) {
      await stream.call('RegisterStreamConsumer', signal, (client, options) =>
        client.send(new RegisterStreamConsumerCommand(name), options),
      );
    }
    await pause(250, undefined, { signal });
  }
}

/** AWS pushes only over HTTP/2; local servers use HTTP/1.1, and not always HTTP/2 without TLS. */
async function openPushClient({ access }: Stream): Promise<KinesisClient> {
  const { KinesisClient } = await import('@aws-sdk/client-kinesis');
  const { requestHandler, ...options } = await awsClientOptions(access);
  const endpoint = access.endpoint ?? process.env.AWS_ENDPOINT_URL_KINESIS ?? process.env.AWS_ENDPOINT_URL;
  return new KinesisClient(endpoint?.startsWith('http:') ? { ...options, requestHandler } : options);
}

async function findArn(stream: Stream, signal: AbortSignal): Promise<string> {
  if ('StreamARN' in stream.target) return stream.target.StreamARN;
  const { DescribeStreamSummaryCommand } = await import('@aws-sdk/client-kinesis');
  const reply = await stream
    .call('DescribeStreamSummary', signal, (client, options) =>
      client.send(new DescribeStreamSummaryCommand(stream.target), options),
    )
    .catch((error) => {
      if (failureKind(error) !== 'missing') throw error;
      throw explain(error, callOnStream(stream, 'DescribeStreamSummary'));
    });
  return reply.StreamDescriptionSummary?.StreamARN ?? '';
}
