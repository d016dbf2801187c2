import type { Engine } from '../engine/engine.ts';
import type { StoreLocation } from '../engine/open-engine.ts';
import { DamageWatch } from '../ledger/damage-watch.ts';
import { recoverBatches } from '../ledger/recover-batches.ts';
import { startWorker, type Worker } from '../ledger/worker.ts';
import { type LedgerState, markLedger, readLedgerState } from '../store/ledger-mark.ts';
import { openStore, type Store, type StoreOptions } from '../store/open-store.ts';
import { tell } from './print.ts';
import { makeProcessSpool } from './process-spool.ts';
import { tellOfEngine } from './store-option.ts';

export interface CheckedStore extends Store {
  readonly watch: DamageWatch;
}

/** A store that is being checked. */
export interface WatchedStore extends CheckedStore {
  /** Ends with the check, never fails; the state of the ledger, if it could be read. */
  readonly looked: Promise<LedgerState | undefined>;
}

/** Opens a store for reading. It is checked meanwhile, and damage reported on standard error. */
export async function openWatched(location: StoreLocation, options?: StoreOptions): Promise<WatchedStore> {
  const store = await openStore(location, { onEngineEvent: tellOfEngine, ...options });
  const watch = new DamageWatch(store.engine, (text) => tell(`tailrace: ${text}`));
  return { ...store, watch, looked: look(store.engine, watch) };
}

/** A failed check must not keep the user from reading. */
async function look(engine: Engine, watch: DamageWatch): Promise<LedgerState | undefined> {
  try {
    const ledger = await readLedgerState(engine);
    await watch.look('opened', ledger);
    return ledger;
  } catch (cause) {
    tell(`tailrace: cannot check the store: ${(cause as Error).message}; run "tailrace verify"`);
    return undefined;
  }
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
  const { looked, ...store } = await openWatched(location, options);
  try {
    await recoverBatches(store.engine, await looked);
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
