/** What one value of a field must fulfil. Values are texts in the canonical form of the field's kind. */
export type Test =
  /** The value itself; an empty text is a value that was not logged. */
  | { readonly is: 'value'; readonly value: string }
  /** The texts between wildcards: `['/api/', '']` begins so, `['', '']` is any that is not empty. At least two. */
  | { readonly is: 'like'; readonly parts: readonly string[] }
  /** Both ends included. */
  | { readonly is: 'range'; readonly from: string; readonly to: string }
  | { readonly is: 'compared'; readonly by: Comparison; readonly value: string };

export type Comparison = '>' | '>=' | '<' | '<=';

/** A condition on one field: one of the tests holds, or none of them if negated. */
export interface Term {
  /** Name in {@link Fields}, never an alias. */
  readonly field: string;
  readonly isNegated: boolean;
  /** At least one. */
  readonly tests: readonly Test[];
}

/** Which rows: those for which all terms hold; all rows if there are none. */
export type Filter = readonly Term[];

/** Longest text of a filter, in UTF-16 units: twice that of a long path. */
export const mostCharacters = 4000;
export const mostTerms = 30;
/** Of one term. */
export const mostValues = 50;
