import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { type AwsAccess, awsClientOptions } from '../aws/client-options.ts';
import type { Activity } from './activity.ts';
import { explain, failureKind } from './failure.ts';
import { readShardDescription, type Shard } from './shard.ts';

export type KinesisCall<T> = (client: KinesisClient, options: { readonly abortSignal: AbortSignal }) => Promise<T>;

/** A stream, and the one way to call the service about it. */
export interface Stream {
  readonly name: string;
  /** Where the client looks for it, by its configuration or its environment. */
  readonly region: string;
  readonly target: { readonly StreamName: string } | { readonly StreamARN: string };
  readonly access: AwsAccess;
  readonly activity: Activity;
  /**
   * Repeats what may pass by itself.
   * @param action as in an IAM policy, without `kinesis:`
   * @throws the SDK's error for an expired iterator and for what is missing, else one that says what to do
   */
  call<T>(action: string, signal: AbortSignal, call: KinesisCall<T>): Promise<T>;
  close(): void;
}

/** @param stream name or ARN */
export async function openStream(stream: string, options: AwsAccess, activity: Activity): Promise<Stream> {
  const name = streamName(stream);
  const isArn = stream.startsWith('arn:');
  const region = options.region ?? (isArn ? stream.split(':')[3] : undefined);
  const access = { ...options, ...(region ? { region } : {}) };
  const { KinesisClient } = await import('@aws-sdk/client-kinesis');
  const client = new KinesisClient({
    ...(await awsClientOptions(access, { requestTimeoutMs: 20_000 })),
    maxAttempts: 1, // repeated here, where it is counted
  });
  const { region: found } = client.config;
  return {
    name,
    region: await readRegion(found, name),
    target: isArn ? { StreamARN: stream } : { StreamName: stream },
    access,
    activity,
    call: (action, signal, call) =>
      activity
        .repeat(`call kinesis:${action} on stream "${name}"`, signal, () => call(client, { abortSignal: signal }))
        .catch((error) => {
          if (signal.aborted || failureKind(error) !== 'final') throw error;
          throw explain(error, `kinesis:${action}`, `stream "${name}"`);
        }),
    close: () => client.destroy(),
  };
}

async function readRegion(read: () => Promise<string>, stream: string): Promise<string> {
  try {
    return await read();
  } catch (cause) {
    throw new Error(`cannot open stream "${stream}": no region is known; set source.region or AWS_REGION`, { cause });
  }
}

/** `edge-logs` of `arn:aws:kinesis:us-east-1:111122223333:stream/edge-logs`. */
export function streamName(stream: string): string {
  return stream.startsWith('arn:') ? stream.slice(stream.indexOf('/') + 1) : stream;
}

/** All shards that the stream still knows, closed ones too. @throws Error that says what to do when there is no such stream */
export async function listShards(stream: Stream, signal: AbortSignal): Promise<Shard[]> {
  const { ListShardsCommand } = await import('@aws-sdk/client-kinesis');
  const shards: Shard[] = [];
  let next: string | undefined;
  do {
    const page = next === undefined ? stream.target : { NextToken: next };
    const reply = await stream
      .call('ListShards', signal, (client, options) => client.send(new ListShardsCommand(page), options))
      .catch((error) => {
        throw failureKind(error) === 'missing'
          ? explain(error, 'kinesis:ListShards', `stream "${stream.name}"`)
          : error;
      });
    shards.push(...(reply.Shards ?? []).map(readShardDescription));
    next = reply.NextToken;
  } while (next !== undefined);
  return shards;
}
