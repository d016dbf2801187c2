import type { Allowance } from '../aws/allowance.ts';
import type { Delivery } from '../source.ts';
import { Backlog } from './backlog.ts';
import type { Shard } from './shard.ts';
import { heldBytes, type ShardPage } from './shard-page.ts';
import type { ShardActivity } from './stream-activity.ts';
import { takeRange } from './take-range.ts';

/** Stores a shard's records and their position. */
export interface ShardSink {
  /** Resolves when everything is stored and the position recorded: reading resumes after `lastSequence`. */
  store(deliveries: readonly Delivery[], lastSequence: string): Promise<void>;
  /** Records that the whole shard is stored. */
  end(children: readonly string[]): Promise<void>;
}

export interface ShardReading {
  readonly shard: Shard;
  readonly origin: string;
  /** @param signal ends the pages */
  readonly pages: (signal: AbortSignal) => AsyncIterable<ShardPage>;
  readonly sink: ShardSink;
  readonly budget: Allowance;
  readonly activity: ShardActivity;
}

/**
 * Stores a shard to its end, one range at a time; records that arrive meanwhile wait for the next range.
 * @throws the signal's reason, or what the pages or the sink threw
 */
export async function readShard(reading: ShardReading, signal: AbortSignal): Promise<void> {
  const { shard, origin, pages, sink, budget, activity } = reading;
  const stopping = new AbortController();
  const stop = () => stopping.abort(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  const backlog = new Backlog(activity);
  const filling = backlog.fill(pages(stopping.signal));
  try {
    for (;;) {
      await backlog.ready();
      signal.throwIfAborted();
      const [first, ...rest] = backlog.records;
      if (!first) break;
      const range = takeRange([first, ...rest], shard, origin);
      await sink.store(range.deliveries, range.lastSequence);
      budget.give(heldBytes(backlog.drop(range.records.length)));
    }
    await sink.end(backlog.children);
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
    await filling;
    budget.give(heldBytes(backlog.drop(backlog.records.length)));
  }
}
