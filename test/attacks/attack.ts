/** A question that somebody asks who wants more than the tables of the store. */
export interface Attack {
  readonly sql: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** What attacks aim at. */
export interface Aims {
  /** A file outside of the store that holds a secret. */
  readonly secretFile: string;
  /** A file that must not come into being. */
  readonly newFile: string;
  /** Of a TCP server that must not be reached. */
  readonly port: number;
}

export interface AttackKind {
  readonly name: string;
  /** Whether an answer of any content would be a success of the attack. */
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
