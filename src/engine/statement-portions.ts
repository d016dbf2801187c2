/**
 * Consecutive items that one statement takes together, because it should see few rows at a time. An item with more rows is
 * a portion of its own.
 */
export function inPortions<T>(items: readonly T[], rowsOf: (item: T) => number, mostRows: number): T[][] {
  const portions: T[][] = [];
  let rows = 0;
  for (const item of items) {
    rows += rowsOf(item);
    const last = portions.at(-1);
    if (last && rows <= mostRows) {
      last.push(item);
    } else {
      portions.push([item]);
      rows = rowsOf(item);
    }
  }
  return portions;
}
