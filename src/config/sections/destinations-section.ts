import { z } from 'zod';
import type { LineRules } from '../../layouts/line-rules.ts';
import { nearestName } from '../../text/nearest-name.ts';
import { fieldNotes } from '../field-note.ts';
import { refuse } from '../fields.ts';
import { type DestinationPlace, destinationKinds, kindOf } from './destinations/destination-kinds.ts';
import { intakeName } from './pipelines-section.ts';
import type { StoreConfig } from './store-section.ts';

/** Where closed batches are delivered, beyond the store. */
export type DestinationConfig = DestinationPlace & {
  /** Letters, digits, `-` and `_`; unique. */
  readonly name: string;
};

/** `destinations:` by name, in their order in the file. */
export function destinationsSection(baseDirectory: string) {
  const [first, ...others] = Object.values(destinationKinds).map(({ section }) => section(baseDirectory));
  if (first === undefined) throw new Error('BUG: there is no destination');
  const example = '{ type: archive, to: { type: folder, path: /srv/logs } }';
  const destination = z
    .discriminatedUnion('type', [first, ...others])
    .register(fieldNotes, { expects: 'a mapping with a type', example });
  return z
    .record(z.string().regex(/^[\w-]+$/), destination)
    .register(fieldNotes, { expects: 'a mapping of names to destinations', example: `{ archive: ${example} }` })
    .transform((written, context): DestinationConfig[] => {
      const destinations = Object.entries(written).map(([name, rest]) => ({ name, ...rest }));
      refuseSharedPlaces(destinations, context);
      return destinations;
    })
    .prefault({})
    .describe('Where lines are delivered besides the store, by a name of your choice.');
}

function refuseSharedPlaces(destinations: readonly DestinationConfig[], context: z.core.$RefinementCtx): void {
  for (const [index, one] of destinations.entries()) {
    for (const other of destinations.slice(0, index)) {
      const shared = one.type === other.type ? kindOf(one).shared(other, one) : undefined;
      if (shared === undefined) continue;
      refuse(context, `destination ${other.name} has ${shared} too`, 'give each its own', [one.name]);
      break;
    }
  }
}

/** Another worker could not deliver the bytes that this one keeps, and what a pipeline masks is in them. */
export function refuseBytes(
  config: {
    readonly store: StoreConfig;
    readonly pipelines: readonly { readonly name: string; readonly rules?: LineRules }[];
    readonly destinations: readonly DestinationConfig[];
  },
  context: z.core.$RefinementCtx,
): void {
  if (context.issues.length > 0) return;
  for (const destination of config.destinations) {
    if (kindOf(destination).mostKeptBytes?.(destination) === undefined) continue;
    const { name, pipelines } = destination;
    const masked = config.pipelines.find((one) => one.rules?.mask && (pipelines?.includes(one.name) ?? true));
    const path = ['destinations', name, 'format'];
    if (config.store.kind === 'server') {
      const problem = 'bytes as they came are kept beside an embedded store only';
      refuse(context, problem, 'write ndjson or parquet, or let store have a path', path);
    } else if (masked) {
      const problem = `pipeline ${masked.name} masks values, and bytes as they came are not changed`;
      refuse(context, problem, 'write ndjson or parquet, or name other pipelines', path);
    }
  }
}

/** A destination that takes nothing because of a typing error would not be noticed. */
export function refuseUnknownPipelines(
  config: {
    readonly pipelines: readonly { readonly name: string }[];
    readonly destinations: readonly DestinationConfig[];
  },
  context: z.core.$RefinementCtx,
): void {
  // Zod calls this also when a section has problems of its own.
  if (context.issues.length > 0) return;
  const known = [...config.pipelines.map(({ name }) => name), intakeName];
  for (const { name, pipelines = [] } of config.destinations) {
    for (const [index, pipeline] of pipelines.entries()) {
      if (known.includes(pipeline)) continue;
      const remedy = `write ${nearestName(pipeline, known) ?? `one of ${known.join(', ')}`}`;
      refuse(context, 'there is no such pipeline', remedy, ['destinations', name, 'pipelines', index]);
    }
  }
}
