import { mkdir } from 'node:fs/promises';
import type { StoreLocation } from '../engine/open-engine.ts';
import { recoverBatches } from '../pipeline/recover-batches.ts';
import { createServer } from '../server/create-server.ts';
import { openStore, type Store, type StoreOptions } from '../store/open-store.ts';
import { programVersion } from './program-version.ts';
import { announceServer, withdrawServer } from './running-server.ts';

export interface ServeOptions {
  readonly location: StoreLocation;
  readonly host: string;
  readonly port: number;
  /** Limits of people's queries, GeoIP files. */
  readonly storeOptions?: StoreOptions;
  /** Runs when the store is open, before the server listens. */
  readonly prepare?: (store: Store) => Promise<void>;
  /** Runs when the server listens. */
  readonly ready: (url: string) => void;
}

/** Serves a store until the process is told to end (SIGINT or SIGTERM). */
export async function serve(options: ServeOptions): Promise<void> {
  const directory = 'directory' in options.location ? options.location.directory : undefined;
  if (directory) await mkdir(directory, { recursive: true });
  const store = await openStore(options.location, options.storeOptions);
  try {
    await recoverBatches(store.engine);
    await options.prepare?.(store);
    const { host, port } = options;
    const server = await createServer({
      engine: store.engine,
      config: { host, port },
      version: await programVersion(),
    });
    const url = await server.listen();
    if (directory) await announceServer(directory, url);
    options.ready(url);
    await untilTold();
    if (directory) await withdrawServer(directory);
    await server.stop();
  } finally {
    await store.close();
  }
}

function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
