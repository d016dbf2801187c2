/** One thing to match, with its quantifier (`+?`, `{0,2}`, or empty). */
export type Item =
  | { readonly kind: 'atom'; readonly text: string; readonly quantifier: string }
  | { readonly kind: 'group'; readonly opening: string; readonly branches: Branches; readonly quantifier: string };

/** The alternatives separated by `|`, each a sequence of items. */
export type Branches = readonly (readonly Item[])[];

/**
 * Reads the regular expressions that uap-core writes: alternatives, groups with and without capture, classes, escapes,
 * quantifiers; no look-around, no flags inside. Throws on an unbalanced parenthesis.
 */
export function parseRegex(pattern: string): Branches {
  const { branches, end } = parseBranches(pattern, 0);
  if (end < pattern.length) {
    throw new Error(`cannot read regular expression "${pattern}": ")" at ${end} closes nothing; remove it`);
  }
  return branches;
}

/** The expression that {@link parseRegex} reads as these branches. */
export function writeRegex(branches: Branches): string {
  return branches.map((items) => items.map(writeItem).join('')).join('|');
}

function writeItem(item: Item): string {
  const body = item.kind === 'atom' ? item.text : `${item.opening}${writeRegex(item.branches)})`;
  return body + item.quantifier;
}

const atom = /\\.|\[\^?(?:\\.|[^\]\\])*\]|./sy;
const opening = /\((?:\?:)?/y;
const quantifier = /(?:[*+?]|\{\d+(?:,\d*)?\})\??|/y;

function parseBranches(pattern: string, start: number): { branches: Branches; end: number } {
  const branches: Item[][] = [[]];
  let position = start;
  while (position < pattern.length && pattern[position] !== ')') {
    if (pattern[position] === '|') {
      branches.push([]);
      position += 1;
      continue;
    }
    const { item, end } = parseItem(pattern, position);
    branches.at(-1)?.push(item);
    position = end;
  }
  return { branches, end: position };
}

function parseItem(pattern: string, start: number): { item: Item; end: number } {
  const groupOpening = matchAt(opening, pattern, start);
  if (groupOpening === '') {
    const text = matchAt(atom, pattern, start);
    const repeat = matchAt(quantifier, pattern, start + text.length);
    return { item: { kind: 'atom', text, quantifier: repeat }, end: start + text.length + repeat.length };
  }
  const { branches, end } = parseBranches(pattern, start + groupOpening.length);
  if (pattern[end] !== ')') {
    throw new Error(`cannot read regular expression "${pattern}": "(" at ${start} is not closed; add ")"`);
  }
  const repeat = matchAt(quantifier, pattern, end + 1);
  return {
    item: { kind: 'group', opening: groupOpening, branches, quantifier: repeat },
    end: end + 1 + repeat.length,
  };
}

function matchAt(expression: RegExp, pattern: string, position: number): string {
  expression.lastIndex = position;
  return expression.exec(pattern)?.[0] ?? '';
}
