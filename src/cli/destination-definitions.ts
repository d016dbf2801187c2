import { kindOf } from '../config/sections/destinations/destination-kinds.ts';
import type { DestinationConfig } from '../config/sections/destinations-section.ts';
import type { DestinationDefinition } from '../destinations/run-destinations.ts';

/** Turns the configuration into the definitions of the destinations; loads their code. */
export function defineDestinations(configured: readonly DestinationConfig[]): Promise<DestinationDefinition[]> {
  return Promise.all(
    configured.map(async (destination) => {
      const { load, mostKeptBytes } = kindOf(destination);
      const create = await load();
      const { name, type, from, pipelines, mask } = destination;
      return {
        name,
        type,
        from,
        pipelines,
        mask,
        mostKeptBytes: mostKeptBytes?.(destination),
        create: (spoolDirectory, keptDirectory) => create(destination, { name, spoolDirectory, keptDirectory }),
      };
    }),
  );
}
