import type { Engine } from '../engine/engine.ts';

const byEngine = new WeakMap<Engine, Set<() => void>>();

/** Wakes those who wait for closed batches. Other processes are not woken: they look from time to time. */
export function announceClosedBatch(engine: Engine): void {
  for (const listener of byEngine.get(engine) ?? []) listener();
}

/** Calls a listener whenever this process may have closed a batch. @returns a function that ends it */
export function onClosedBatch(engine: Engine, listener: () => void): () => void {
  const listeners = byEngine.get(engine) ?? new Set();
  byEngine.set(engine, listeners.add(listener));
  return () => void listeners.delete(listener);
}
