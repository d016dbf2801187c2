import { commonLiterals, literalPlace } from './literal-place.ts';
import { type Branches, type Item, parseRegex, writeRegex } from './regex-tree.ts';

/**
 * Rewrites the letters of literals that many user agents contain as classes, `[B][u][i][l][d]`, if the expression has a
 * rarer literal. The engine searches for a rule's longest literal before it tries the expression: with ` Build`
 * it would try some three hundred rules on each Android.
 */
export function hideCommonLiterals(pattern: string): string {
  if (!commonLiterals.some((text) => pattern.includes(text))) return pattern;
  const branches = parseRegex(pattern);
  const hidden = hideInBranches(branches);
  return hidden.every((items) => literalPlace(items) !== -1) ? writeRegex(hidden) : pattern;
}

function hideInBranches(branches: Branches): Branches {
  return branches.map((items) => {
    const output: Item[] = [];
    for (let index = 0; index < items.length; index++) {
      const literal = commonLiterals.find((text) => startsWith(items, index, text));
      if (literal !== undefined) {
        for (const letter of literal) output.push({ kind: 'atom', text: `[${letter}]`, quantifier: '' });
        index += literal.length - 1;
      } else {
        const item = items[index] as Item;
        output.push(item.kind === 'group' ? { ...item, branches: hideInBranches(item.branches) } : item);
      }
    }
    return output;
  });
}

function startsWith(items: readonly Item[], start: number, text: string): boolean {
  return [...text].every((letter, offset) => {
    const item = items[start + offset];
    return item?.kind === 'atom' && item.quantifier === '' && item.text === letter;
  });
}
