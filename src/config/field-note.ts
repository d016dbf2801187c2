import { z } from 'zod';

/** What a problem with a field says about it. Kept beside the schema because zod's own texts speak to programmers. */
export interface FieldNote {
  /** Completes "expected …", e.g. `a whole number from 0 to 65535`. */
  readonly expects: string;
  /** A value as it is written in YAML, e.g. `4280`. */
  readonly example: string;
  /** The value, and anything below it, must not appear in a message or an excerpt. */
  readonly secret?: true;
}

/** Notes by schema; a schema derived by `.describe()` or `.meta()` keeps its note. */
export const fieldNotes = z.registry<FieldNote>();
