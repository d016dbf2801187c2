import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordsCommand,
  type Shard,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import dynalite from 'dynalite';
import kinesalite from 'kinesalite';
import { patienceMs } from '../../../test/patience.ts';

/** A server to test against; `url` starts it when it is npm's. */
export interface LocalServer {
  readonly name: string;
  url(): Promise<string>;
  close(): Promise<void>;
}

/** Environment of every test: credentials that S3's server wants; the others accept any. */
export function setTestCredentials(): void {
  process.env.AWS_ACCESS_KEY_ID ??= 'test';
  process.env.AWS_SECRET_ACCESS_KEY ??= 'testtest';
  process.env.AWS_REGION ??= 'us-east-1';
}

/** Kinesalite, and the servers whose addresses are in the environment; names those that are missing. */
export function kinesisServers(): LocalServer[] {
  return [
    npmKinesis(),
    ...runningServer('Ferrokinesis', 'TAILRACE_TEST_KINESIS_URL'),
    ...runningServer('kinesis-mock', 'TAILRACE_TEST_KINESIS_MOCK_URL'),
  ];
}

/** A server that every machine has. */
export function npmKinesis(): LocalServer {
  const times = { createStreamMs: 20, deleteStreamMs: 20, updateStreamMs: 20, shardLimit: 500 };
  return npmServer('kinesalite', () => kinesalite(times));
}

/** The same for DynamoDB. */
export function dynamodbServers(): LocalServer[] {
  return [
    npmServer('dynalite', () => dynalite({ createTableMs: 20 })),
    ...runningServer('DynamoDB Local', 'TAILRACE_TEST_DYNAMODB_URL'),
  ];
}

export function runningServer(name: string, variable: string): LocalServer[] {
  const url = process.env[variable];
  if (url) return [{ name, url: () => Promise.resolve(url), close: () => Promise.resolve() }];
  console.warn(`skipped: the Kinesis source against ${name}, because ${variable} is not set`);
  return [];
}

function npmServer(name: string, create: () => Server): LocalServer {
  let server: Server | undefined;
  return {
    name,
    url: async () => {
      if (!server) {
        server = create();
        server.listen(0, '127.0.0.1');
        await once(server, 'listening');
      }
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    close: () =>
      new Promise((resolve) => {
        server?.close(() => resolve());
        server?.closeAllConnections();
      }),
  };
}

let streams = 0;

/** A stream of its own on a local server, with what tests do to it. */
export class LocalStream {
  readonly endpoint: string;
  readonly name = `stream-${process.pid}-${Date.now()}-${++streams}`;
  readonly client: KinesisClient;

  private constructor(endpoint: string) {
    this.endpoint = endpoint;
    this.client = new KinesisClient({ endpoint, requestHandler: new NodeHttpHandler() });
  }

  static async create(endpoint: string, shards: number): Promise<LocalStream> {
    const stream = new LocalStream(endpoint);
    await stream.client.send(new CreateStreamCommand({ StreamName: stream.name, ShardCount: shards }));
    await stream.active();
    return stream;
  }

  /** Puts records, by keys that the values begin with: `key:rest`. */
  async put(values: readonly (string | Uint8Array)[], keyOf = (value: string) => value.split(':')[0]): Promise<void> {
    for (let start = 0; start < values.length; start += 500) {
      let records = values.slice(start, start + 500).map((value) => ({
        Data: Buffer.from(value as string),
        PartitionKey: (typeof value === 'string' ? keyOf(value) : undefined) || 'key',
      }));
      while (records.length > 0) {
        const request = new PutRecordsCommand({ StreamName: this.name, Records: records });
        const { Records = [] } = await this.client.send(request);
        records = records.filter((_, index) => Records[index]?.ErrorCode !== undefined);
        if (records.length > 0) await pause(50);
      }
    }
  }

  async openShards(): Promise<Shard[]> {
    const { Shards = [] } = await this.client.send(new ListShardsCommand({ StreamName: this.name }));
    return Shards.filter(({ SequenceNumberRange }) => SequenceNumberRange?.EndingSequenceNumber === undefined);
  }

  /** Splits the first open shard. */
  async split(): Promise<void> {
    const [shard] = await this.openShards();
    const from = BigInt(shard?.HashKeyRange?.StartingHashKey ?? 0);
    const to = BigInt(shard?.HashKeyRange?.EndingHashKey ?? 0);
    const middle = `${from + (to - from) / 2n}`;
    const split = { StreamName: this.name, ShardToSplit: shard?.ShardId, NewStartingHashKey: middle };
    await this.client.send(new SplitShardCommand(split));
    await this.active();
  }

  /** Merges the two open shards with the lowest keys. */
  async merge(): Promise<void> {
    const start = (shard: Shard) => BigInt(shard.HashKeyRange?.StartingHashKey ?? 0);
    const shards = (await this.openShards()).sort((one, other) => (start(one) < start(other) ? -1 : 1));
    const [ShardToMerge, AdjacentShardToMerge] = shards.map(({ ShardId }) => ShardId);
    await this.client.send(new MergeShardsCommand({ StreamName: this.name, ShardToMerge, AdjacentShardToMerge }));
    await this.active();
  }

  async active(): Promise<void> {
    for (;;) {
      const reply = await this.client.send(new DescribeStreamSummaryCommand({ StreamName: this.name }));
      if (reply.StreamDescriptionSummary?.StreamStatus === 'ACTIVE') return;
      await pause(20);
    }
  }
}

/** Waits for an expected condition. @throws Error when it does not become true */
export async function until(what: string, isTrue: () => boolean, timeoutMs = patienceMs): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain until ${what}`);
    await pause(20);
  }
}

/** `count` values for each of the keys, in an order in which the numbers of a key rise. */
export function keyedValues(keys: number, count: number, from = 0): string[] {
  return Array.from({ length: keys * count }, (_, index) => `key${index % keys}:${from + Math.floor(index / keys)}`);
}

/** Values whose number does not rise within their key. */
export function outOfOrder(lines: readonly string[]): string[] {
  const last = new Map<string, number>();
  return lines.filter((line) => {
    const [key = '', number = ''] = line.split(':');
    const before = last.get(key) ?? -1;
    last.set(key, Number(number));
    return Number(number) <= before;
  });
}
