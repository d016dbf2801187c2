/** What the values of a field are; it decides what a term can ask of them. */
export type FieldKind = 'text' | 'whole number' | 'number' | 'yes or no';

export interface Field {
  readonly name: string;
  readonly kind: FieldKind;
  /** SQL over a row; of a value with a key, the column that holds it. */
  readonly sql: string;
  /** Of a value that a column holds by its key. */
  readonly key?: string;
  /** Columns that the SQL reads. */
  readonly columns: readonly string[];
  /** Type of a value in SQL. */
  readonly type: string;
  /** Whether a value may be missing, other than as an empty text. */
  readonly isNullable: boolean;
  readonly description: string;
}

/** What rows of a table can be filtered by. */
export interface Fields {
  readonly byName: ReadonlyMap<string, Field>;
  /** Other names, in lower case. */
  readonly aliases: ReadonlyMap<string, string>;
  /** The field in which a word without a field's name is searched. */
  readonly searched: string;
  /** Columns that hold values by their keys: each value is a field, `extra.NAME`. */
  readonly maps: ReadonlyMap<string, Pick<Field, 'sql' | 'columns' | 'description'>>;
  /** Names that people may write, with the reason why there is no such field. */
  readonly absent: ReadonlyMap<string, string>;
}

/** A field by its name: one of those listed, or a value of a map by its key. */
export function findField({ byName, maps }: Fields, name: string): Field | undefined {
  const dot = name.indexOf('.');
  const map = dot < 0 ? undefined : maps.get(name.slice(0, dot));
  if (!map) return byName.get(name);
  return { name, key: name.slice(dot + 1), kind: 'text', type: 'String', isNullable: false, ...map };
}
