import { quoteString } from '../engine/bound-parameter.ts';
import { escapeGlob } from '../engine/embedded/linked-input.ts';
import type { Engine, EngineOptions } from '../engine/engine.ts';
import { defaultLimits, openEngine, type StoreLocation } from '../engine/open-engine.ts';
import { unpackEmptyStore } from './empty-store.ts';
import type { GeoFiles } from './geo-networks/geo-list.ts';
import { loadGeoNetworks } from './geo-networks/load-geo-networks.ts';
import { createLakeTables, folderOfQuestion } from './lake-files.ts';
import { prepareStore } from './preparation.ts';
import { refreshKnownUserAgents } from './user-agents/known-user-agents.ts';

/** The opened tables. */
export interface Store {
  readonly engine: Engine;
  /** Makes newly learnt answers available to enrichment; call after an insert. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

export interface StoreOptions extends Partial<EngineOptions> {
  /** Files for look-ups of viewers' addresses where the log has no value; without them nothing is looked up. */
  readonly geoip?: GeoFiles | undefined;
}

/**
 * Opens a store, upgrades its tables to this version and loads the data for enrichment.
 * @throws EngineError when the location cannot be opened: no permission, not a folder, locked; or a GeoIP file
 *   cannot be read
 */
export async function openStore(
  location: StoreLocation,
  { geoip = {}, ...options }: StoreOptions = {},
): Promise<Store> {
  const engine = await openEngine(location, { limits: defaultLimits, fillNew: unpackEmptyStore, ...options });
  try {
    const reader =
      'url' in location ? { user: location.user ?? 'default', password: location.password ?? '' } : undefined;
    await prepareStore(engine, () => loadGeoNetworks(engine, geoip, reader), reader);
    if (engine.kind === 'embedded') {
      const { lakeFolder, remoteLake } = options;
      if (lakeFolder !== undefined) await createLakeTables(engine, quoteString(escapeGlob(lakeFolder)));
      else if (remoteLake) await createLakeTables(engine, folderOfQuestion(remoteLake.folder));
    }
  } catch (cause) {
    await engine.close();
    throw cause;
  }
  return { engine, refresh: () => refreshKnownUserAgents(engine), close: () => engine.close() };
}
