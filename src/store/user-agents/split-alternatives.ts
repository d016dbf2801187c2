import { literalPlace } from './literal-place.ts';
import { type Branches, type Item, parseRegex, writeRegex } from './regex-tree.ts';

/**
 * Expressions of which at least one matches wherever `pattern` matches, for a rule whose answer takes nothing from
 * groups: `^.{0,100}(bot|crawl|^Java/)` → `bot`, `crawl`, `^Java/`.
 *
 * The engine tries a rule of a hundred alternatives on every user agent; rules of one alternative each it tries only
 * where their literal occurs. Alternatives without a literal stay together.
 */
export function splitAlternatives(pattern: string): string[] {
  const branches = unwrap(withoutLead(parseRegex(pattern)));
  const withLiteral = branches.filter((items) => literalPlace(items) !== -1);
  if (withLiteral.length < 2) return [pattern];
  const others = branches.filter((items) => literalPlace(items) === -1);
  return [...withLiteral.map((items) => [items]), others].filter((part) => part.length > 0).map(writeRegex);
}

/** `^.*` and `^.{0,100}?` before what is searched for say nothing, since bounds of that size are relaxed. */
function withoutLead(branches: Branches): Branches {
  const [[start, dots, ...rest] = [], ...more] = branches;
  const isLead = more.length === 0 && isAtom(start, '^', /^$/) && isAtom(dots, '.', /^(?:\*|\{0,\d{3,}\})\??$/);
  return isLead ? [rest] : branches;
}

function unwrap(branches: Branches): Branches {
  const [[item, ...rest] = [], ...more] = branches;
  const isOneGroup = item?.kind === 'group' && item.quantifier === '' && rest.length === 0 && more.length === 0;
  return isOneGroup ? unwrap(item.branches) : branches;
}

function isAtom(item: Item | undefined, text: string, quantifier: RegExp): boolean {
  return item?.kind === 'atom' && item.text === text && quantifier.test(item.quantifier);
}
