import type { ConfigPath } from './config-path.ts';
import type { Span } from './span.ts';

/** A problem as found by a parsing stage; lines, columns and excerpts are computed once all are known. */
export interface FoundProblem {
  readonly span: Span;
  readonly path: ConfigPath;
  /** `cannot <verb> <thing> "<value>": <cause>; <what to do>` */
  readonly message: string;
}
