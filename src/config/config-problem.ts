import type { ConfigPath } from './config-path.ts';
import type { Span } from './span.ts';

/** A problem as the stages of reading find it; lines, columns and excerpts are worked out once all are known. */
export interface FoundProblem {
  readonly span: Span;
  readonly path: ConfigPath;
  /** `cannot <verb> <thing> "<value>": <cause>; <what to do>` */
  readonly message: string;
}
