/** A field of a document: how the engine writes it, and what it is to the cluster. */
export interface DocumentField {
  readonly name: string;
  /** Expression over the columns of the table. */
  readonly sql: string;
  /** ClickHouse type of the field; a NULL is left out of the document. */
  readonly type: string;
  readonly kind: FieldKind;
}

/** `seconds` is a time since 1970, `map` an object with any keys, `place` a position on the earth; `kept` is not indexed. */
export type FieldKind =
  | 'date'
  | 'seconds'
  | 'ip'
  | 'keyword'
  | 'text'
  | 'short'
  | 'integer'
  | 'long'
  | 'float'
  | 'boolean'
  | 'map'
  | 'place'
  | 'kept';
