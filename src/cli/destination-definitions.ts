import { kindOf } from '../config/sections/destinations/destination-kinds.ts';
import type { DestinationConfig } from '../config/sections/destinations-section.ts';
import type { DestinationDefinition } from '../destinations/run-destinations.ts';

/** Turns the configuration into the definitions of the destinations; loads their code. */
export function defineDestinations(configured: readonly DestinationConfig[]): Promise<DestinationDefinition[]> {
  return Promise.all(
    configured.map(async (destination) => {
      const create = await kindOf(destination).load();
      const { name, type, from, pipelines, mask } = destination;
      return {
        name,
        type,
        from,
        pipelines,
        mask,
        create: (spoolDirectory) => create(destination, { name, spoolDirectory }),
      };
    }),
  );
}
