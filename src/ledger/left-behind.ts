import type { Engine } from '../engine/engine.ts';
import { takeBack } from './take-back.ts';

const byEngine = new WeakMap<Engine, Set<string>>();

/**
 * Remembers a batch that could not be taken back, or that may or may not be closed. All sinks of a store share this,
 * because the sink that left the batch may be closed long before the store recovers.
 */
export function leaveBehind(engine: Engine, batch: string): void {
  const batches = byEngine.get(engine) ?? new Set();
  byEngine.set(engine, batches.add(batch));
}

/** Takes back what was left behind; must run before anything is stored. @throws LeftBehindError when that fails */
export async function takeBackLeftBehind(engine: Engine): Promise<void> {
  const batches = byEngine.get(engine) ?? [];
  for (const batch of [...batches]) {
    await takeBack(engine, batch, undefined);
    byEngine.get(engine)?.delete(batch);
  }
}
