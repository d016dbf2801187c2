/** A query that tries to reach more than the tables of the store. */
export interface Attack {
  readonly sql: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** Targets of attacks. */
export interface Aims {
  /** A file outside the store that contains a secret. */
  readonly secretFile: string;
  /** A file that must not be created. */
  readonly newFile: string;
  /** Of the lake that questions may read. */
  readonly lakeFolder: string;
  /** Port of a TCP server that must not be reached. */
  readonly port: number;
}

export interface AttackKind {
  readonly name: string;
  /** Whether any answer at all would mean that the attack succeeded. */
  readonly mustFail: boolean;
  attacks(aims: Aims): readonly Attack[];
}

export function plain(statements: readonly string[]): Attack[] {
  return statements.map((sql) => ({ sql }));
}

/** Every item in every place. */
export function cross(items: readonly string[], places: readonly ((item: string) => string)[]): Attack[] {
  return plain(items.flatMap((item) => places.map((place) => place(item))));
}
