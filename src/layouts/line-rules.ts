/** The user's filters and masks for the lines of an input, applied before anything is stored. */
export interface LineRules {
  /** Only lines that match one of these; all lines if empty. */
  readonly include?: readonly LinePattern[];
  /** Of those, drops the lines that match one of these. */
  readonly exclude?: readonly LinePattern[];
  readonly mask?: MaskRules;
}

/** RE2, found anywhere in the line as received, or in the value of a column. */
export interface LinePattern {
  readonly pattern: string;
  /** A column of the table, or a key of `extra` or `attributes`. */
  readonly column?: string;
}

export interface MaskRules {
  /** Addresses are truncated to /24 and /48. */
  readonly addresses?: boolean;
  /** Credentials in URLs of CloudFront and S3: signatures, policies and tokens. */
  readonly signatures?: boolean;
  /** Values of these query keys. */
  readonly query?: readonly string[];
}

export function hasRules({ include = [], exclude = [], mask = {} }: LineRules): boolean {
  const { addresses, signatures, query = [] } = mask;
  return include.length + exclude.length + query.length > 0 || addresses === true || signatures === true;
}
