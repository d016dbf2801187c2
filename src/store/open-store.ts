import type { Engine, EngineOptions } from '../engine/engine.ts';
import { defaultLimits, openEngine, type StoreLocation } from '../engine/open-engine.ts';
import { dropDictionariesWithoutAddress } from './dictionary-source.ts';
import { loadEdgeLocations } from './edge-locations/edge-locations.ts';
import { enrichmentViews } from './enrich.ts';
import type { GeoFiles } from './geo-networks/geo-list.ts';
import { loadGeoNetworks } from './geo-networks/load-geo-networks.ts';
import { migrate } from './migrate.ts';
import { userAgentSchema } from './user-agents/dictionaries.ts';
import {
  knownUserAgentsSchema,
  refreshKnownUserAgents,
  rememberUserAgentsViews,
} from './user-agents/known-user-agents.ts';
import { loadRules } from './user-agents/load-rules.ts';
import { ruleSetVersion } from './user-agents/rule-set-version.ts';
import { changeView, createView } from './views.ts';

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
    await dropDictionariesWithoutAddress(engine);
    for (const statement of userAgentSchema(reader)) await engine.run(statement);
    await loadRules(engine);
    for (const statement of knownUserAgentsSchema(ruleSetVersion(), reader)) await engine.run(statement);
    await loadEdgeLocations(engine, reader);
    await migrate(engine);
    const geoLists = await loadGeoNetworks(engine, geoip, reader);
    await makeViews(engine, [...enrichmentViews(geoLists), ...rememberUserAgentsViews(ruleSetVersion())]);
  } catch (cause) {
    await engine.close();
    throw cause;
  }
  return { engine, refresh: () => refreshKnownUserAgents(engine), close: () => engine.close() };
}

/**
 * Makes views, or makes them what they are in this version. A view is never away: another worker of a server may be
 * inserting, and what passes while a view is missing never arrives behind it.
 */
async function makeViews(engine: Engine, views: readonly string[]): Promise<void> {
  for (const view of views) {
    await engine.run({ sql: createView(view) });
    await engine.run({ sql: changeView(view) });
  }
}
