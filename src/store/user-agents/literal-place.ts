import type { Item } from './regex-tree.ts';

/** Texts in the user agents of a large share of all visitors. */
export const commonLiterals: readonly string[] = [
  ...[' Build', 'AppleWebKit', 'Android', 'Mozilla', 'Mobile', 'Safari', 'Chrome', 'Windows', 'Linux'],
];

/** The engine searches for literals of at least this length before it tries an expression. */
export const literalLength = 3;

const commonParts = new Set(commonLiterals.flatMap((text) => partsOf(text.toLowerCase())));

/**
 * Index of three letters or digits that every match contains, or of a group with such a place in each branch; -1 if
 * there is none. Avoids those that most user agents contain, if there are others.
 */
export function literalPlace(items: readonly Item[]): number {
  const places = items.map((_, index) => index).filter((index) => isPlace(items, index));
  return places.find((index) => !commonParts.has(literalAt(items, index).toLowerCase())) ?? places[0] ?? -1;
}

/** The three letters or digits at an index, as written in the expression; empty at a group. */
export function literalAt(items: readonly Item[], index: number): string {
  const atoms = items.slice(index, index + literalLength);
  return atoms.map((item) => (item.kind === 'atom' ? item.text : '')).join('');
}

function isPlace(items: readonly Item[], index: number): boolean {
  const item = items[index] as Item;
  if (item.kind === 'group') return !isOptional(item) && item.branches.every((inner) => literalPlace(inner) !== -1);
  return items.length >= index + literalLength && items.slice(index, index + literalLength).every(isPlain);
}

function isOptional(item: Item): boolean {
  return /^(?:[*?]|\{0)/.test(item.quantifier);
}

function isPlain(item: Item): boolean {
  return item.kind === 'atom' && item.quantifier === '' && /^[A-Za-z0-9]$/.test(item.text);
}

function partsOf(text: string): string[] {
  return [...text]
    .map((_, index) => text.slice(index, index + literalLength))
    .filter((part) => part.length === literalLength);
}
