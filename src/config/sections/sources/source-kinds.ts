import { filesKind } from './files-source.ts';
import { kinesisKind } from './kinesis-source.ts';
import { s3Kind } from './s3-source.ts';
import type { SourceKind } from './source-kind.ts';
import { stdinKind } from './stdin-source.ts';

/** The only list of source kinds, by their `type`. */
export const sourceKinds = { kinesis: kinesisKind, s3: s3Kind, files: filesKind, stdin: stdinKind };

type Kinds = typeof sourceKinds;

/** Where the lines of a pipeline come from; `type` tells which. */
export type SourceConfig = { [T in keyof Kinds]: Kinds[T] extends SourceKind<infer C> ? C : never }[keyof Kinds];

/** The kind of a section, typed to accept any section; the caller must pass it the same section. */
export function kindOf({ type }: SourceConfig): SourceKind<SourceConfig> {
  return sourceKinds[type] as unknown as SourceKind<SourceConfig>;
}
