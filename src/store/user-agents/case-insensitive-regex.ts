import { literalAt, literalLength, literalPlace } from './literal-place.ts';
import { type Branches, type Item, parseRegex } from './regex-tree.ts';

/**
 * Spells a case-insensitive regular expression out as a case-sensitive one that matches exactly the same strings
 * (ASCII letters only, which is all that uap-core's rules contain).
 *
 * The flag itself cannot be used: for `(?i)(?:bot|crawl)` the engine's regexp_tree dictionary takes `bot` and `crawl`
 * as literals to search for first, case-sensitively, so that `Bot` is never found.
 *
 * A letter becomes a class, `[Bb]`. But a rule without a literal of three characters is tried on every user agent, so
 * if every match contains three particular letters or digits, these become their spellings: `(?:BOT|BOt|…|bot)`.
 * No other literal may remain, not even a number: ClickHouse 24.10 treats one that only some of several
 * alternatives contain, or an optional group, as one that every match contains. Many alternatives get no
 * literal: trying them all at once is faster than searching for a hundred literals, and so is loading them.
 */
export function spellOutCase(pattern: string): string {
  const branches = parseRegex(pattern);
  return renderBranches(branches, alternatives(branches).length < manyAlternatives);
}

const manyAlternatives = 10;

/** The top-level alternatives of the expression, also within a group. */
function alternatives(branches: Branches): Branches {
  const [[item, ...rest] = [], ...more] = branches;
  const isOneGroup = item?.kind === 'group' && item.quantifier === '' && rest.length === 0 && more.length === 0;
  return isOneGroup ? alternatives(item.branches) : branches;
}

function renderBranches(branches: Branches, wantLiteral: boolean): string {
  const giveLiteral = wantLiteral && branches.every((items) => literalPlace(items) !== -1);
  return branches.map((items) => renderItems(items, giveLiteral ? literalPlace(items) : -1)).join('|');
}

function renderItems(items: readonly Item[], place: number): string {
  let output = '';
  for (let index = 0; index < items.length; index++) {
    const item = items[index] as Item;
    if (index === place && item.kind === 'atom') {
      output += `(?:${spellings(literalAt(items, index)).join('|')})`;
      index += literalLength - 1;
    } else {
      output += renderItem(item, index === place);
    }
  }
  return output;
}

function renderItem(item: Item, wantLiteral: boolean): string {
  if (item.kind === 'atom') return bothCasesOfAtom(item.text) + item.quantifier;
  return `${item.opening}${renderBranches(item.branches, wantLiteral)})${item.quantifier}`;
}

function spellings(literal: string): string[] {
  let all = [''];
  for (const character of literal) {
    const cases = new Set([character.toUpperCase(), character.toLowerCase()]);
    all = all.flatMap((head) => [...cases].map((spelling) => head + spelling));
  }
  return all;
}

function bothCasesOfAtom(text: string): string {
  if (/^[A-Za-z]$/.test(text)) return `[${text.toUpperCase()}${text.toLowerCase()}]`;
  if (/^[0-9]$/.test(text)) return `[${text}]`;
  return text.startsWith('[') ? bothCasesOfClass(text) : text;
}

/** Adds the other case of each letter and of each letter range; escapes such as `\d` and `\-` are unchanged. */
function bothCasesOfClass(text: string): string {
  const opening = text.startsWith('[^') ? '[^' : '[';
  const members = text.slice(opening.length, -1).match(/\\.|[A-Za-z]-[A-Za-z]|./gs) ?? [];
  return `${opening}${members.map(bothCasesOfMember).join('')}]`;
}

function bothCasesOfMember(member: string): string {
  const isLetter = /^[A-Za-z]$/.test(member);
  const isRange = /^(?:[A-Z]-[A-Z]|[a-z]-[a-z])$/.test(member);
  return isLetter || isRange ? member.toUpperCase() + member.toLowerCase() : member;
}
