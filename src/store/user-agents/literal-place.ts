import type { Item } from './regex-tree.ts';

/** The engine searches for literals of at least this length before it tries an expression. */
export const literalLength = 3;

/** Index of the first three letters, or of the first group with such a place in each branch, that no match goes without. */
export function literalPlace(items: readonly Item[]): number {
  return items.findIndex((item, index) =>
    item.kind === 'group'
      ? !isOptional(item) && item.branches.every((inner) => literalPlace(inner) !== -1)
      : items.length >= index + literalLength && items.slice(index, index + literalLength).every(isPlain),
  );
}

function isOptional(item: Item): boolean {
  return /^(?:[*?]|\{0)/.test(item.quantifier);
}

function isPlain(item: Item): boolean {
  return item.kind === 'atom' && item.quantifier === '' && /^[A-Za-z0-9]$/.test(item.text);
}
