import { archiveKind } from './archive-destination.ts';
import type { DestinationKind } from './destination-kind.ts';
import { firehoseKind } from './firehose-destination.ts';
import { httpKind } from './http-destination.ts';
import { kinesisKind } from './kinesis-destination.ts';
import { moduleKind } from './module-destination.ts';
import { opensearchKind } from './opensearch-destination.ts';

/** The only list of destination kinds, by their `type`. */
export const destinationKinds = {
  archive: archiveKind,
  http: httpKind,
  module: moduleKind,
  opensearch: opensearchKind,
  kinesis: kinesisKind,
  firehose: firehoseKind,
};

type Kinds = typeof destinationKinds;

/** A place that lines are delivered to; `type` tells which. */
export type DestinationPlace = {
  [T in keyof Kinds]: Kinds[T] extends DestinationKind<infer C> ? C : never;
}[keyof Kinds];

/** The kind of a section, typed to accept any section; the caller must pass it the same section. */
export function kindOf({ type }: DestinationPlace): DestinationKind<DestinationPlace> {
  return destinationKinds[type] as unknown as DestinationKind<DestinationPlace>;
}
