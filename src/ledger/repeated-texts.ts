/** Texts of which few differ, as parameters of a statement: thousands of copies take longer to read than to use. */
export interface RepeatedTexts<T> {
  /** Each once. */
  readonly texts: readonly T[];
  /** By the place of the original, 1-based into `texts`. */
  readonly places: readonly number[];
}

export function repeatedTexts<T extends string | null>(all: readonly T[]): RepeatedTexts<T> {
  const placeOf = new Map<T, number>();
  const places = all.map((text) => {
    const place = placeOf.get(text) ?? placeOf.size + 1;
    placeOf.set(text, place);
    return place;
  });
  return { texts: [...placeOf.keys()], places };
}
