import { z } from 'zod';

/** What messages say about a field. Kept beside the schema because zod's own messages are written for developers. */
export interface FieldNote {
  /** Completes "expected …", e.g. `a whole number from 0 to 65535`. */
  readonly expects: string;
  /** An example value as written in YAML, e.g. `4280`. */
  readonly example: string;
  /** The value, and anything below it, must not appear in a message or an excerpt. */
  readonly secret?: true;
}

/** Notes by schema; a schema derived by `.describe()` or `.meta()` keeps its note. */
export const fieldNotes = z.registry<FieldNote>();
