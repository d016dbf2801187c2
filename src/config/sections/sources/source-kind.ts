import type { z } from 'zod';
import type { AwsGrant } from '../../../sources/aws/aws-grant.ts';
import type { Source } from '../../../sources/source.ts';

/** A kind of source: its configuration section, and how to create it from that. */
export interface SourceKind<C extends { readonly type: string }> {
  /** The section: a strict object, possibly with a transform, whose `type` is a literal. */
  readonly section: (baseDirectory: string) => z.ZodType<C> & z.core.$ZodTypeDiscriminable;
  /**
   * The input that two pipelines share, in words, e.g. `the stream edge-logs`: each would miss what the other one
   * takes, or all would be stored twice. Undefined when the inputs differ, as far as the configuration shows.
   */
  readonly shared: (one: C, other: C) => string | undefined;
  /** What AWS must allow for it; absent: it calls no service of AWS. */
  readonly grants?: (config: C) => readonly AwsGrant[];
  /** Loads the code of the source, which takes longer than most commands run. */
  readonly load: () => Promise<(config: C, place: SourcePlace) => Source>;
}

export interface SourcePlace {
  /** Name of the pipeline. */
  readonly pipeline: string;
  /** Spool of this pipeline alone. */
  readonly spoolDirectory: string;
}
