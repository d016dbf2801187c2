/** A column of a table, or of the results of a query. */
export interface ResultColumn {
  readonly name: string;
  /** As the engine names it. */
  readonly type: string;
}
