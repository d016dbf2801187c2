import { Allowance } from '../aws/allowance.ts';
import { explain } from '../aws/explain-failure.ts';
import { failureKind } from '../aws/failure-kind.ts';
import type { Checkpoints, Sink } from '../source.ts';
import { type FanOut, openFanOut } from './fan-out.ts';
import { type KinesisOptions, leaseAccess } from './kinesis-options.ts';
import { runLeased } from './leases/run-leased.ts';
import { callOnStream, listShards, openStream, type Stream } from './open-stream.ts';
import { pollShard } from './poll-shard.ts';
import type { Position } from './position.ts';
import { runShards } from './run-shards.ts';
import type { Shard } from './shard.ts';
import type { ShardPage } from './shard-page.ts';
import type { StreamActivity } from './stream-activity.ts';
import { subscribeShard } from './subscribe-shard.ts';

/** The service allows five calls a second per shard. */
const defaultPollMs = 200;
const maxHeldBytes = 64 * 1024 * 1024;

/** Reads a stream until the signal aborts. @throws Error for failures that need manual action */
export async function runStream(
  options: KinesisOptions,
  sink: Sink & Checkpoints,
  activity: StreamActivity,
  signal: AbortSignal,
): Promise<void> {
  const stream = await openStream(options.stream, options, activity);
  let fanOut: FanOut | undefined;
  try {
    if (options.fanOut) fanOut = await openFanOut(stream, options.fanOut.consumer, signal);
    const budget = new Allowance(maxHeldBytes);
    const polling = { pollMs: options.pollMs ?? defaultPollMs, budget };
    const pages = (shard: Shard, from: Position, stopping: AbortSignal) =>
      untilGone(
        stream,
        shard,
        fanOut
          ? subscribeShard(stream, fanOut, shard.id, from, budget, stopping)
          : pollShard(stream, shard.id, from, polling, stopping),
        stopping,
      );
    const { startFrom, leases, pipeline } = options;
    const reading = { stream, startFrom, pages, sink, budget, activity };
    if (leases) await runLeased(reading, pipeline, leaseAccess(stream, leases), signal);
    else await runShards(reading, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    activity.state = 'stopped';
    fanOut?.client.destroy();
    stream.close();
  }
}

/** A shard whose records have all expired is gone, and counts as read; a missing stream is an error. */
async function* untilGone(
  stream: Stream,
  shard: Shard,
  pages: AsyncIterable<ShardPage>,
  signal: AbortSignal,
): AsyncGenerator<ShardPage> {
  try {
    yield* pages;
  } catch (error) {
    if (signal.aborted || failureKind(error) !== 'missing') throw error;
    const shards = await listShards(stream, signal);
    if (shards.some(({ id }) => id === shard.id)) {
      throw explain(error, callOnStream(stream, 'GetRecords'));
    }
  }
}
