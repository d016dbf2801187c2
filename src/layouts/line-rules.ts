/** What is kept of the lines of an input, and how; as a person wants it, before anything is stored. */
export interface LineRules {
  /** Only lines of which one of these is true; all where there is none. */
  readonly include?: readonly LinePattern[];
  /** Of those, not the lines of which one of these is true. */
  readonly exclude?: readonly LinePattern[];
  readonly mask?: MaskRules;
}

/** RE2, found anywhere in the line as it came, or in the value of a column. */
export interface LinePattern {
  readonly pattern: string;
  /** A column of the table, or a key of `extra` or `attributes`. */
  readonly column?: string;
}

export interface MaskRules {
  /** Addresses are kept to /24 and /48. */
  readonly addresses?: boolean;
  /** What makes URLs of CloudFront and S3 valid: their signatures, policies and tokens. */
  readonly signatures?: boolean;
  /** Values of these keys of queries. */
  readonly query?: readonly string[];
}

export function hasRules({ include = [], exclude = [], mask = {} }: LineRules): boolean {
  const { addresses, signatures, query = [] } = mask;
  return include.length + exclude.length + query.length > 0 || addresses === true || signatures === true;
}
