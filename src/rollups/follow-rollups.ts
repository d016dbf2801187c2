import { setTimeout } from 'node:timers/promises';
import type { Engine } from '../engine/engine.ts';
import { trustedWorkers, type Worker } from '../ledger/worker.ts';
import { RollupKeeper } from './keep-rollups.ts';

/** An hour is summed up when two looks find the same rows. */
const lookMs = 30_000;

/**
 * Keeps the rollups current until it is stopped, in the time that others leave.
 * @param worker this process: of several that store into the same tables, one sums up
 * @param onFailure a look that failed; the next one continues
 */
export function followRollups(
  engine: Engine,
  worker: Pick<Worker, 'id'>,
  onFailure: (error: unknown) => void,
): { stop(): Promise<void> } {
  const ending = new AbortController();
  const pause = (ms: number) => setTimeout(ms, undefined, { signal: ending.signal }).catch(() => {});
  let sinceMs = Date.now();
  // As long as the last statement took, so that one core is at most half taken.
  const goOn = async () => {
    await pause(Date.now() - sinceMs);
    sinceMs = Date.now();
    return !ending.signal.aborted && (await isChosen(engine, worker));
  };
  const keeper = new RollupKeeper(engine, { goOn });
  const work = (async () => {
    while (!ending.signal.aborted) {
      sinceMs = Date.now();
      if (await isChosen(engine, worker).catch(() => false)) await keeper.look().catch(onFailure);
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

/** The least id of those alive. While that changes two may sum up the same hours: of two blocks only one is read. */
async function isChosen(engine: Engine, { id }: Pick<Worker, 'id'>): Promise<boolean> {
  if (engine.kind === 'embedded') return true;
  const [chosen] = await engine.rows<{ id: string }>({ sql: `SELECT min(worker) AS id FROM (${trustedWorkers})` });
  return chosen?.id === id;
}
