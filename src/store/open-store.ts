import { type EngineOptions, openEngine, type StoreLocation } from '../engine/open-engine.ts';
import type { Engine } from '../engine/engine.ts';
import type { Enrich } from '../layouts/compile-insert.ts';
import { loadEdgeLocations } from './edge-locations/edge-locations.ts';
import { enrich } from './enrich.ts';
import { migrate } from './migrate.ts';
import { userAgentSchema } from './user-agents/dictionaries.ts';
import { loadRules } from './user-agents/load-rules.ts';

/** The opened tables: their engine, and how lines are enriched on their way in. */
export interface Store {
  readonly engine: Engine;
  readonly enrich: Enrich;
  close(): Promise<void>;
}

/**
 * Opens a store, brings its tables to this version and loads what enrichment looks up.
 * @throws EngineError when the place cannot be opened: no permission, a file, another process has it
 */
export async function openStore(location: StoreLocation, options?: EngineOptions): Promise<Store> {
  const engine = await openEngine(location, options);
  try {
    const reader = 'url' in location ? { user: location.user ?? 'default', password: location.password ?? '' } : undefined;
    for (const statement of userAgentSchema(reader)) await engine.run(statement);
    await loadRules(engine);
    await loadEdgeLocations(engine, reader);
    await migrate(engine);
  } catch (cause) {
    await engine.close();
    throw cause;
  }
  return { engine, enrich, close: () => engine.close() };
}
