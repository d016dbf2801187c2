import { setTimeout } from 'node:timers/promises';
import type { Engine } from '../engine/engine.ts';
import { RollupKeeper } from './keep-rollups.ts';

/** An hour is summed up when two looks find the same rows. */
const lookMs = 30_000;

/**
 * Keeps the rollups current until it is stopped, in the time that others leave.
 * @param onFailure a look that failed; the next one continues
 */
export function followRollups(engine: Engine, onFailure: (error: unknown) => void): { stop(): Promise<void> } {
  const ending = new AbortController();
  const pause = (ms: number) => setTimeout(ms, undefined, { signal: ending.signal }).catch(() => {});
  let sinceMs = Date.now();
  // As long as the last statement took, so that one core is at most half taken.
  const goOn = async () => {
    await pause(Date.now() - sinceMs);
    sinceMs = Date.now();
    return !ending.signal.aborted;
  };
  const keeper = new RollupKeeper(engine, { goOn });
  const work = (async () => {
    while (!ending.signal.aborted) {
      sinceMs = Date.now();
      await keeper.look().catch(onFailure);
      await pause(lookMs);
    }
  })();
  return {
    stop: () => {
      ending.abort();
      return work;
    },
  };
}
