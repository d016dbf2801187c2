import type { StoreLocation } from '../engine/open-engine.ts';
import { DamageWatch } from '../ledger/damage-watch.ts';
import { recoverBatches } from '../ledger/recover-batches.ts';
import { startWorker, type Worker } from '../ledger/worker.ts';
import { markLedger } from '../store/ledger-mark.ts';
import { openStore, type Store, type StoreOptions } from '../store/open-store.ts';
import { tell } from './print.ts';
import { makeProcessSpool } from './process-spool.ts';
import { tellOfEngine } from './store-option.ts';

export interface CheckedStore extends Store {
  readonly watch: DamageWatch;
}

/** Opens a store to read from it, and says on standard error when it is damaged. */
export async function openChecked(location: StoreLocation, options?: StoreOptions): Promise<CheckedStore> {
  const store = await openStore(location, { onEngineEvent: tellOfEngine, ...options });
  const watch = new DamageWatch(store.engine, (text) => tell(`tailrace: ${text}`));
  try {
    await watch.look('opened');
  } catch (cause) {
    // Whoever wants to read reads what is there.
    tell(`tailrace: cannot check the store: ${(cause as Error).message}; run "tailrace verify"`);
  }
  return { ...store, watch };
}

/** A store that this process fills. */
export interface FillableStore extends CheckedStore {
  readonly worker: Worker;
  /** For bytes on their way, of this process alone; its engine may read there. */
  readonly spoolDirectory: string;
}

/**
 * Opens a store to fill it: what a killed process left unfinished is taken back first, and what it left on the disk is
 * removed.
 * @throws EngineError also when the ledger is damaged, since what it lost would be stored twice
 */
export async function openToStore(location: StoreLocation, options?: StoreOptions): Promise<FillableStore> {
  const store = await openChecked(location, options);
  try {
    await recoverBatches(store.engine);
    const spool = await makeProcessSpool(location);
    const worker = await startWorker(store.engine);
    const close = async () => {
      worker.stop();
      await markLedger(store.engine).catch(() => {});
      await store.close();
      await spool.remove();
    };
    return { ...store, worker, spoolDirectory: spool.path, close };
  } catch (cause) {
    await store.close();
    throw cause;
  }
}
