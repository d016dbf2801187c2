/**
 * Aggregate functions whose states, merged in any order, give what one pass over all rows gives: by their names in lower
 * case, the name that takes suffixes. Sums of floating-point numbers may differ in their last digits, as between two runs
 * of one query.
 */
const mergeable: Readonly<Record<string, string>> = {
  avg: 'avg',
  bit_and: 'groupBitAnd',
  bit_or: 'groupBitOr',
  bit_xor: 'groupBitXor',
  count: 'count',
  countdistinct: 'uniqExact',
  groupbitand: 'groupBitAnd',
  groupbitor: 'groupBitOr',
  groupbitxor: 'groupBitXor',
  max: 'max',
  min: 'min',
  quantileexact: 'quantileExact',
  quantilesexact: 'quantilesExact',
  sum: 'sum',
  uniq: 'uniq',
  uniqcombined: 'uniqCombined',
  uniqcombined64: 'uniqCombined64',
  uniqexact: 'uniqExact',
  uniqhll12: 'uniqHLL12',
};

/** @returns the name to which `State` and `Merge` are added; undefined when states do not surely merge */
export function mergeableName(name: string): string | undefined {
  const folded = name.toLowerCase();
  const own = Object.hasOwn(mergeable, folded) ? mergeable[folded] : undefined;
  if (own !== undefined) return own;
  const before = folded.endsWith('if') ? folded.slice(0, -2) : undefined;
  return before !== undefined && Object.hasOwn(mergeable, before) ? `${mergeable[before]}If` : undefined;
}
