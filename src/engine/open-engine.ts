import { endEarly } from './embedded/early-process.ts';
import { openEmbedded } from './embedded/open-embedded.ts';
import type { Engine, EngineOptions, Limits } from './engine.ts';

/** Location of the tables: a directory for the embedded engine, or a ClickHouse server over HTTP. */
export type StoreLocation =
  | { readonly directory: string }
  | {
      /** e.g. `https://clickhouse.example.com:8443` */
      readonly url: string;
      readonly user?: string;
      readonly password?: string;
      /** Default `tailrace`; created when it does not exist. */
      readonly database?: string;
      /** User for questions; by default one that the store's own user creates. */
      readonly questions?: { readonly user: string; readonly password: string };
    };

/** Enough for exploring on a laptop, but too little to stop an ingest. */
export const defaultLimits: Limits = { maxSeconds: 60, maxMemoryBytes: 2 * 1024 ** 3, maxResultRows: 1_000_000 };

/**
 * Opens the store; the caller must close the engine.
 *
 * @throws EngineError `TAILRACE_STORE_LOCKED` (another process has the directory open), `TAILRACE_STORE_UNAVAILABLE`
 */
export async function openEngine(
  store: StoreLocation,
  options: EngineOptions = { limits: defaultLimits },
): Promise<Engine> {
  if ('directory' in store) return openEmbedded(store.directory, options);
  endEarly();
  const { openServer } = await import('./server/open-server.ts');
  return openServer(store, options);
}
