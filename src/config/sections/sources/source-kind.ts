import type { z } from 'zod';
import type { Source } from '../../../sources/source.ts';

/** A kind of source: what stands about it in a configuration, and how it is made of that. */
export interface SourceKind<C extends { readonly type: string }> {
  /** The section; a strict object, perhaps with a transform, whose `type` is a literal. */
  readonly section: (baseDirectory: string) => z.ZodType<C> & z.core.$ZodTypeDiscriminable;
  /**
   * What two pipelines would both read, in words, e.g. `the stream edge-logs`: each would take what the other one misses, or
   * all of it would be stored twice. Undefined when they read different things, as far as a configuration can tell.
   */
  readonly shared: (one: C, other: C) => string | undefined;
  /** Loads the code of the source, which takes longer than most commands. */
  readonly load: () => Promise<(config: C, place: SourcePlace) => Source>;
}

export interface SourcePlace {
  /** Its name. */
  readonly pipeline: string;
  /** For objects on their way, of this pipeline alone. */
  readonly spoolDirectory: string;
}
