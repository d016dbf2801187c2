/** The expected result of one input. Rows are ordered by time, and name only the columns that the case is about. */
export interface Expectation {
  /** Part of the message with which the file is refused. */
  readonly refused?: string;
  readonly requests?: readonly Row[];
  readonly logs?: readonly Row[];
  readonly rejected?: readonly (readonly [line: number, reason: string])[];
}

/** Values by column; `extra.NAME` and `attributes.NAME` are what the maps hold. */
export type Row = Readonly<Record<string, unknown>>;
