import type { Allowance } from '../aws/allowance.ts';
import type { Checkpoints, Sink } from '../source.ts';
import { listShards, type Stream } from './open-stream.ts';
import {
  endVersion,
  type Position,
  readStartVersion,
  type StartPosition,
  shardEnd,
  startVersion,
  storedPosition,
} from './position.ts';
import { readShard, type ShardSink } from './read-shard.ts';
import { readyShards, type Shard } from './shard.ts';
import type { ShardPage } from './shard-page.ts';
import { ShardTasks } from './shard-tasks.ts';
import type { StreamActivity } from './stream-activity.ts';

/** What is needed to read a stream, with or without leases. */
export interface StreamReading {
  readonly stream: Stream;
  readonly startFrom: StartPosition;
  readonly pages: (shard: Shard, from: Position, signal: AbortSignal) => AsyncIterable<ShardPage>;
  readonly sink: Sink & Checkpoints;
  readonly budget: Allowance;
  readonly activity: StreamActivity;
}

/** How often the shards are listed when no change is reported. */
export const listEveryMs = 10_000;

/** `kinesis://eu-west-1/stream/shardId-000000000000`; without a shard, the common prefix of the stream's origins. */
export function originOf({ name, region }: Stream, shard?: Shard): string {
  return `kinesis://${region}/${name}/${shard?.id ?? ''}`;
}

/** Stored versions of a stream, by origin. */
export function askStored({ stream, sink, activity }: StreamReading, signal: AbortSignal) {
  const ask = () => sink.lastStored(originOf(stream));
  return activity.repeat('ask the store where to go on', signal, ask, () => true);
}

/** Reads all shards of a stream in this process; only the store holds the positions. Ends when the signal aborts. */
export async function runShards(reading: StreamReading, signal: AbortSignal): Promise<void> {
  const { stream, activity } = reading;
  const stored = await askStored(reading, signal);
  const start = await findStart(reading, stored.get(originOf(stream)), signal);
  const finished = new Set<string>();
  const tasks = new ShardTasks();
  let shards = await listShards(stream, signal);
  const atStart = new Set(shards.map(({ id }) => id));
  activity.state = 'running';
  try {
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      const standing = (shard: Shard) => storedPosition(stored.get(originOf(stream, shard)), shard);
      const isFinished = (shard: Shard) => finished.has(shard.id) || standing(shard) === shardEnd;
      for (const shard of readyShards(shards, isFinished).filter(({ id }) => !tasks.has(id))) {
        // Shards created later have no records from before the start.
        const from = atStart.has(shard.id) ? start[isFirst ? 'atOnce' : 'later'] : 'TRIM_HORIZON';
        const position = standing(shard) ?? from;
        if (position === shardEnd) continue;
        tasks.start(shard.id, async (stopping) => {
          await readOne(reading, shard, position, plainSink(reading, shard, stopping), stopping);
          finished.add(shard.id);
        });
      }
      await tasks.change(listEveryMs, signal);
      if (!signal.aborted) shards = await listShards(stream, signal);
    }
  } finally {
    await tasks.stop(signal.reason);
  }
}

/** Reads one shard to its end, and shows it in the status meanwhile. */
export async function readOne(
  { pages, budget, activity, stream }: StreamReading,
  shard: Shard,
  from: Position,
  sink: ShardSink,
  signal: AbortSignal,
): Promise<void> {
  const shardActivity = {};
  activity.shards.set(shard.id, shardActivity);
  try {
    const origin = originOf(stream, shard);
    const open = (stopping: AbortSignal) => pages(shard, from, stopping);
    await readShard({ shard, origin, pages: open, sink, budget, activity: shardActivity }, signal);
  } finally {
    activity.shards.delete(shard.id);
  }
}

function plainSink({ stream, sink }: StreamReading, shard: Shard, signal: AbortSignal): ShardSink {
  const origin = originOf(stream, shard);
  return {
    store: async (deliveries) => {
      await sink.store(deliveries, { signal });
    },
    end: async () => {
      await sink.store([{ origin, version: endVersion(shard), content: { kind: 'lines', chunks: [] } }], { signal });
    },
  };
}

/**
 * Where shards start of which nothing is stored. `LATEST` means the newest record when the stream was first read, which
 * the store records: a shard that was empty then must not lose records that arrived while no worker read it.
 */
async function findStart(
  { stream, startFrom, sink }: StreamReading,
  remembered: string | undefined,
  signal: AbortSignal,
): Promise<{ readonly atOnce: StartPosition; readonly later: StartPosition }> {
  if (startFrom !== 'LATEST') return { atOnce: startFrom, later: startFrom };
  const before = readStartVersion(remembered);
  if (before) return { atOnce: before, later: before };
  const now = new Date();
  const version = startVersion(now.getTime());
  await sink.store([{ origin: originOf(stream), version, content: { kind: 'lines', chunks: [] } }], { signal });
  return { atOnce: 'LATEST', later: now };
}
