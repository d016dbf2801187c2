import type { Asker } from '../windows/answer-rows.ts';
import { type ConfiguredStore, serverOf } from './configured-store.ts';
import { openWatched } from './open-checked.ts';
import { requireStore } from './require-store.ts';
import { askServer, type ServerAddress } from './running-server.ts';

/** Asks the store, or the server that has it open. */
export async function withAsker<T>(configured: ConfiguredStore, work: (asker: Asker) => Promise<T>): Promise<T> {
  const server = await serverOf(configured);
  if (server) return work(askerOf(server));
  await requireStore(configured.location);
  const store = await openWatched(configured.location, { ...configured.options, task: 'question' });
  try {
    return await work(store.engine);
  } finally {
    await store.looked;
    await store.close();
  }
}

function askerOf(server: ServerAddress): Asker {
  return {
    ask: ({ sql, params = {} }, { format }) =>
      askServer(server, { sql, params, format: format === 'JSONEachRow' ? 'ndjson' : 'json' }),
  };
}
