import type { Engine } from '../engine/engine.ts';
import { type Feed, readFeeds } from '../ledger/read-feeds.ts';
import { waitAtMost } from './wait-at-most.ts';

/** By pipeline; empty while the store does not answer. */
export type ReadFeeds = () => Promise<ReadonlyMap<string, Feed>>;

/** Every open page asks every few seconds, and a usual gap changes slowly. */
const keptMs = 30_000;
const withinMs = 1000;

export function createFeedReader(engine: Engine): ReadFeeds {
  let kept: Promise<ReadonlyMap<string, Feed>> | undefined;
  return () => {
    if (kept) return kept;
    kept = readSoon(engine);
    setTimeout(() => {
      kept = undefined;
    }, keptMs).unref();
    return kept;
  };
}

async function readSoon(engine: Engine): Promise<ReadonlyMap<string, Feed>> {
  const feeds = (await waitAtMost(readFeeds(engine), withinMs)) ?? [];
  return new Map(feeds.map((feed) => [feed.pipeline, feed]));
}
