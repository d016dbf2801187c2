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

/** Opens a store for reading, and reports damage on standard error. */
export async function openChecked(location: StoreLocation, options?: StoreOptions): Promise<CheckedStore> {
  const store = await openStore(location, { onEngineEvent: tellOfEngine, ...options });
  const watch = new DamageWatch(store.engine, (text) => tell(`tailrace: ${text}`));
  try {
    await watch.look('opened');
  } catch (cause) {
    // A failed check must not keep the user from reading.
    tell(`tailrace: cannot check the store: ${(cause as Error).message}; run "tailrace verify"`);
  }
  return { ...store, watch };
}

/** A store that this process writes to. */
export interface FillableStore extends CheckedStore {
  readonly worker: Worker;
  /** Spool of this process alone; the engine may read there. */
  readonly spoolDirectory: string;
}

/**
 * Opens a store for writing: batches that a killed process left unfinished are taken back first, and its files on disk
 * are removed.
 * @throws EngineError also when the ledger is damaged, since batches whose entries are lost would be stored twice
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
