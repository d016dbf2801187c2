import type { StoreLocation } from '../engine/open-engine.ts';
import { DamageWatch } from '../ledger/damage-watch.ts';
import { recoverBatches } from '../ledger/recover-batches.ts';
import { markLedger } from '../store/ledger-mark.ts';
import { openStore, type Store, type StoreOptions } from '../store/open-store.ts';
import { tell } from './print.ts';
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

/**
 * Opens a store to fill it: what a killed process left unfinished is taken back first.
 * @throws EngineError also when the ledger is damaged, since what it lost would be stored twice
 */
export async function openToStore(location: StoreLocation, options?: StoreOptions): Promise<CheckedStore> {
  const store = await openChecked(location, options);
  try {
    await recoverBatches(store.engine);
  } catch (cause) {
    await store.close();
    throw cause;
  }
  const close = async () => {
    await markLedger(store.engine).catch(() => {});
    await store.close();
  };
  return { ...store, close };
}
