import type { z } from 'zod';
import type { Destination } from '../../../destinations/destination.ts';
import type { AwsGrant } from '../../../sources/aws/aws-grant.ts';

/** A kind of destination: its configuration section, and how to create it from that. */
export interface DestinationKind<C extends { readonly type: string }> {
  /** The section: a strict object with the keys of {@link deliveryKeys} too, whose `type` is a literal. */
  readonly section: (baseDirectory: string) => z.ZodType<C> & z.core.$ZodTypeDiscriminable;
  /**
   * The place that two destinations share, in words, e.g. `the folder /srv/logs`: each would replace what the other one
   * delivered. Undefined when the places differ, as far as the configuration shows.
   */
  readonly shared: (one: C, other: C) => string | undefined;
  /** Of bytes as they came, how many may wait beside the store until it has them; undefined or absent: it takes none. */
  readonly mostKeptBytes?: (config: C) => number | undefined;
  /** What AWS must allow for it; absent: it calls no service of AWS. */
  readonly grants?: (config: C) => readonly AwsGrant[];
  /** Loads the code of the destination, which takes longer than most commands run. */
  readonly load: () => Promise<(config: C, own: DestinationOwn) => Destination>;
}

/** What belongs to one destination alone. */
export interface DestinationOwn {
  readonly name: string;
  /** For files that must not outlive the process. */
  readonly spoolDirectory: string;
  /** For the bytes that it takes as they came. */
  readonly keptDirectory: string;
}
