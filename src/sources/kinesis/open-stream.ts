import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { type AwsAccess, awsClientOptions } from '../aws/client-options.ts';
import { type AwsCall, callOn, explain } from '../aws/explain-failure.ts';
import { failureKind } from '../aws/failure-kind.ts';
import { isExpiredIterator } from './expired-iterator.ts';
import { readShardDescription, type Shard } from './shard.ts';
import type { StreamActivity } from './stream-activity.ts';

export type KinesisCall<T> = (client: KinesisClient, options: { readonly abortSignal: AbortSignal }) => Promise<T>;

/** Which stream it is, and who is asked for it. */
export interface ConnectedStream {
  readonly name: string;
  /** Region that the client uses, from configuration or environment. */
  readonly region: string;
  readonly target: { readonly StreamName: string } | { readonly StreamARN: string };
  readonly access: AwsAccess;
  readonly client: KinesisClient;
}

/** A stream, and the only way to call the service for it. */
export interface Stream extends Omit<ConnectedStream, 'client'> {
  readonly activity: StreamActivity;
  /**
   * Retries transient failures.
   * @param action as in an IAM policy, without `kinesis:`
   * @throws the SDK's error for an expired iterator or a missing resource; any other error with a remedy
   */
  call<T>(action: string, signal: AbortSignal, send: KinesisCall<T>): Promise<T>;
  close(): void;
}

/** @param stream name or ARN @throws Error with a remedy */
export async function connectStream(stream: string, options: AwsAccess): Promise<ConnectedStream> {
  const name = streamName(stream);
  const isArn = stream.startsWith('arn:');
  const region = options.region ?? (isArn ? stream.split(':')[3] : undefined);
  const access = { ...options, ...(region ? { region } : {}) };
  const { KinesisClient } = await import('@aws-sdk/client-kinesis');
  const client = new KinesisClient(await awsClientOptions(access, { requestTimeoutMs: 20_000 }));
  return {
    name,
    region: await readRegion(client.config.region, name),
    target: isArn ? { StreamARN: stream } : { StreamName: stream },
    access,
    client,
  };
}

/** @param stream name or ARN */
export async function openStream(stream: string, options: AwsAccess, activity: StreamActivity): Promise<Stream> {
  const { client, ...connected } = await connectStream(stream, options);
  return {
    ...connected,
    activity,
    call: (action, signal, send) => {
      const call = callOnStream(connected, action);
      return activity
        .repeat(call.what, signal, () => send(client, { abortSignal: signal }))
        .catch((error) => {
          const kind = failureKind(error);
          const isForCaller = kind === 'passing' || kind === 'missing' || isExpiredIterator(error);
          throw signal.aborted || isForCaller ? error : explain(error, call);
        });
    },
    close: () => client.destroy(),
  };
}

/** @param action without `kinesis:` */
export function callOnStream({ name }: Pick<Stream, 'name'>, action: string): AwsCall {
  return callOn(`stream "${name}"`, `kinesis:${action}`);
}

async function readRegion(read: () => Promise<string>, stream: string): Promise<string> {
  try {
    return await read();
  } catch (cause) {
    throw new Error(`cannot open stream "${stream}": no region is known; set region or AWS_REGION`, { cause });
  }
}

/** `edge-logs` of `arn:aws:kinesis:us-east-1:111122223333:stream/edge-logs`. */
function streamName(stream: string): string {
  return stream.startsWith('arn:') ? stream.slice(stream.indexOf('/') + 1) : stream;
}

/** All shards that the stream lists, including closed ones. @throws Error with a remedy when the stream is missing */
export async function listShards(stream: Stream, signal: AbortSignal): Promise<Shard[]> {
  const { ListShardsCommand } = await import('@aws-sdk/client-kinesis');
  const shards: Shard[] = [];
  let next: string | undefined;
  do {
    const page = next === undefined ? stream.target : { NextToken: next };
    const reply = await stream
      .call('ListShards', signal, (client, options) => client.send(new ListShardsCommand(page), options))
      .catch((error) => {
        throw failureKind(error) === 'missing' ? explain(error, callOnStream(stream, 'ListShards')) : error;
      });
    shards.push(...(reply.Shards ?? []).map(readShardDescription));
    next = reply.NextToken;
  } while (next !== undefined);
  return shards;
}
