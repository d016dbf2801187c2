import type { Engine } from '../engine/engine.ts';
import type { ConfiguredStore } from './configured-store.ts';
import { openWatched } from './open-checked.ts';
import { requireStore } from './require-store.ts';

/** Works on the store that no server has open. @throws when there is none */
export async function withStore<T>(
  { location, options }: ConfiguredStore,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  await requireStore(location);
  const store = await openWatched(location, options);
  try {
    return await work(store.engine);
  } finally {
    await store.looked;
    await store.close();
  }
}
