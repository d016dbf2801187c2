import { setTimeout as pause } from 'node:timers/promises';
import type { Allowance } from '../aws/allowance.ts';
import { isExpiredIterator } from './expired-iterator.ts';
import type { KinesisCall, Stream } from './open-stream.ts';
import type { Position } from './position.ts';
import { heldBytes, readRecord, type ShardPage } from './shard-page.ts';

export interface PollOptions {
  readonly pollMs: number;
  /** Taken for every page; the receiver of the page gives it back. */
  readonly budget: Allowance;
}

const maxRecords = 10_000;
/** Largest reply, and expected size of a reply at the tip of the shard. */
const maxReplyBytes = 10 * 1024 * 1024;
const usualReplyBytes = 1024 * 1024;
/** A shard accepts 1 MB/s, so after a pause this long a reply may have any size. */
const longPauseMs = 1000;

/**
 * The records of a shard from a position to the shard's end, by GetRecords.
 * @throws the signal's reason; the SDK's error when stream or shard are missing; Error that needs manual action
 */
export async function* pollShard(
  stream: Stream,
  shardId: string,
  from: Position,
  { pollMs, budget }: PollOptions,
  signal: AbortSignal,
): AsyncGenerator<ShardPage> {
  const cursor = new ShardCursor(stream, shardId, from);
  let isBehind = true;
  for (let lastMs = -longPauseMs; !cursor.isAtEnd; ) {
    const expected = isBehind || performance.now() - lastMs > longPauseMs ? maxReplyBytes : usualReplyBytes;
    await budget.take(expected, signal);
    lastMs = performance.now();
    let held = 0;
    let page: ShardPage | undefined;
    try {
      page = await cursor.next(signal);
      held = heldBytes(page?.records ?? []);
    } finally {
      budget.give(expected - held);
    }
    if (page) yield page;
    const count = page?.records.length ?? 0;
    isBehind = count === maxRecords || (count > 0 && (page?.behindMs ?? 0) > 0);
    if (!isBehind) await pause(Math.max(0, lastMs + pollMs - performance.now()), undefined, { signal });
  }
}

class ShardCursor {
  isAtEnd = false;
  readonly #stream: Stream;
  readonly #shardId: string;
  #position: Position;
  #iterator: string | undefined;

  constructor(stream: Stream, shardId: string, from: Position) {
    this.#stream = stream;
    this.#shardId = shardId;
    this.#position = from;
  }

  /** @returns undefined when the iterator expired, after five minutes; the next call gets a new one */
  async next(signal: AbortSignal): Promise<ShardPage | undefined> {
    const { GetRecordsCommand } = await import('@aws-sdk/client-kinesis');
    this.#iterator ??= await this.#newIterator(signal);
    const command = new GetRecordsCommand({ ShardIterator: this.#iterator, Limit: maxRecords });
    try {
      const reply = await this.#stream.call('GetRecords', signal, (client, options) => client.send(command, options));
      this.#iterator = reply.NextShardIterator ?? undefined;
      this.isAtEnd = this.#iterator === undefined;
      const records = (reply.Records ?? []).map(readRecord);
      const last = records.at(-1);
      if (last) this.#position = { after: last.sequence };
      const children = (reply.ChildShards ?? []).map(({ ShardId = '' }) => ShardId);
      return { records, behindMs: reply.MillisBehindLatest, children };
    } catch (error) {
      if (!isExpiredIterator(error)) throw error;
      this.#iterator = undefined;
      return undefined;
    }
  }

  async #newIterator(signal: AbortSignal): Promise<string | undefined> {
    const { GetShardIteratorCommand } = await import('@aws-sdk/client-kinesis');
    const askedAt = new Date();
    const command = new GetShardIteratorCommand({
      ...this.#stream.target,
      ShardId: this.#shardId,
      ...iteratorStart(this.#position),
    });
    const call: KinesisCall<{ ShardIterator?: string | undefined }> = (client, options) =>
      client.send(command, options);
    const { ShardIterator } = await this.#stream.call('GetShardIterator', signal, call);
    // A repeated `LATEST` would mean a later position.
    if (this.#position === 'LATEST') this.#position = askedAt;
    return ShardIterator;
  }
}

function iteratorStart(position: Position) {
  if (typeof position === 'string') return { ShardIteratorType: position };
  if (position instanceof Date) return { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: position } as const;
  return { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: position.after } as const;
}
