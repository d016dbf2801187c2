import type { Engine, EngineOptions } from '../engine/engine.ts';
import { defaultLimits, openEngine, type StoreLocation } from '../engine/open-engine.ts';
import type { GeoFiles } from './geo-networks/geo-list.ts';
import { loadGeoNetworks } from './geo-networks/load-geo-networks.ts';
import { prepareStore } from './preparation.ts';
import { refreshKnownUserAgents } from './user-agents/known-user-agents.ts';

/** The opened tables. */
export interface Store {
  readonly engine: Engine;
  /** Lets enrichment take up what it has learnt; to be called after an insert. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

export interface StoreOptions extends Partial<EngineOptions> {
  /** Files that say of viewers' addresses what the log does not; without them nothing is looked up. */
  readonly geoip?: GeoFiles | undefined;
}

/**
 * Opens a store, brings its tables to this version and loads what enrichment looks up.
 * @throws EngineError when the place cannot be opened: no permission, a file, another process has it; or a GeoIP file
 *   cannot be read
 */
export async function openStore(
  location: StoreLocation,
  { geoip = {}, ...options }: StoreOptions = {},
): Promise<Store> {
  const engine = await openEngine(location, { limits: defaultLimits, ...options });
  try {
    const reader =
      'url' in location ? { user: location.user ?? 'default', password: location.password ?? '' } : undefined;
    await prepareStore(engine, () => loadGeoNetworks(engine, geoip, reader), reader);
  } catch (cause) {
    await engine.close();
    throw cause;
  }
  return { engine, refresh: () => refreshKnownUserAgents(engine), close: () => engine.close() };
}
