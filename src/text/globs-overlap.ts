type Characters = (character: string) => boolean;

/** Accepts one character; absent: an empty transition. A string is that character. */
interface Edge {
  readonly to: number;
  readonly on?: string | Characters;
}

/** State → edges; the last state is the end. */
type Automaton = readonly (readonly Edge[])[];

const every: Characters = () => true;
/** No wildcard matches `/`, and at the beginning of a name none matches the `.` of a hidden file. */
const inName: Characters = (character) => character !== '/';
const atBeginning: Characters = (character) => character !== '/' && character !== '.';

/** A pattern with more alternatives is assumed to match everything. */
const mostAlternatives = 64;

/**
 * Whether some file, now or later, may match both. Understands `*`, `?`, `**`, `[…]` and `{a,b}`; other syntax is
 * treated as `*`, so overlap is never missed but may be wrong. A path without wildcards is a file, or a folder
 * with everything below it.
 * @param one absolute
 * @param other absolute
 */
export function globsOverlap(one: string, other: string): boolean {
  const others = compile(other);
  return compile(one).some((first) => others.some((second) => meet(first, second)));
}

function compile(pattern: string): Automaton[] {
  const alternatives = expandBraces(pattern);
  return alternatives.length > mostAlternatives ? [[[{ to: 0, on: every }]]] : alternatives.map(toAutomaton);
}

/** `a{b,c}d` → `abd`, `acd`; a range as `{1..3}` → `*`. */
function expandBraces(pattern: string): string[] {
  const found = /\{([^{}]*)\}/.exec(pattern);
  if (!found) return [pattern];
  const [braces, inside = ''] = found;
  const [before, after] = [pattern.slice(0, found.index), pattern.slice(found.index + braces.length)];
  const expanded: string[] = [];
  for (const part of inside.includes(',') ? inside.split(',') : ['*']) {
    if (expanded.length <= mostAlternatives) expanded.push(...expandBraces(before + part + after));
  }
  return expanded;
}

const tokens = /\/\*\*$|\*\*\/|\*\*$|[@!+?*]\([^)]*\)|\*+|\?|\[[!^]?\]?[^\]]*\]|\\?./gsu;

function toAutomaton(pattern: string): Automaton {
  const states: Edge[][] = [[]];
  let before = '';
  for (const [token] of pattern.matchAll(tokens)) {
    const at = states.length - 1;
    const wildcard = before.endsWith('/') ? atBeginning : inName;
    if (token === '**/') {
      // Any number of folders, each a name and its slash.
      states[at]?.push({ to: at + 1, on: atBeginning }, { to: at + 2 });
      states.push(
        [
          { to: at + 1, on: inName },
          { to: at, on: '/' },
        ],
        [],
      );
    } else if (token === '/**') {
      addBelow(states);
    } else if (token === '**') {
      states[at]?.push({ to: at, on: every });
    } else if (/^\*+$|\)$/.test(token)) {
      states[at]?.push({ to: at + 1, on: wildcard }, { to: at + 2 });
      states.push([{ to: at + 1, on: inName }, { to: at + 2 }], []);
    } else {
      states[at]?.push({ to: at + 1, on: single(token, wildcard) });
      states.push([]);
    }
    before = token;
  }
  if (!/[*?[\]()]/.test(pattern)) addBelow(states);
  return states;
}

/** The path itself, or anything below it. */
function addBelow(states: Edge[][]): void {
  const at = states.length - 1;
  states[at]?.push({ to: at + 1, on: '/' }, { to: at + 2 });
  states.push([{ to: at + 1, on: every }, { to: at + 2 }], []);
}

function single(token: string, wildcard: Characters): string | Characters {
  if (token === '?') return wildcard;
  if (!token.startsWith('[') || token.length < 3) return token.replace(/^\\(?=.)/s, '');
  const isNegated = /^\[[!^]/.test(token);
  const set = token.slice(isNegated ? 2 : 1, -1);
  return (character) => wildcard(character) && inSet(set, character) !== isNegated;
}

function inSet(set: string, character: string): boolean {
  for (let at = 0; at < set.length; at++) {
    const [first = '', dash, last] = [set[at], set[at + 1], set[at + 2]];
    if (dash === '-' && last !== undefined) {
      if (first <= character && character <= last) return true;
      at += 2;
    } else if (first === character) return true;
  }
  return false;
}

/** Whether some path is accepted by both. */
function meet(one: Automaton, other: Automaton): boolean {
  const seen = new Set<number>();
  const waiting: [number, number][] = [[0, 0]];
  for (let pair = waiting.pop(); pair; pair = waiting.pop()) {
    const [first, second] = pair;
    if (seen.size === seen.add(first * other.length + second).size) continue;
    if (first === one.length - 1 && second === other.length - 1) return true;
    const [edges, others] = [one[first] ?? [], other[second] ?? []];
    for (const { to, on } of edges) if (on === undefined) waiting.push([to, second]);
    for (const { to, on } of others) if (on === undefined) waiting.push([first, to]);
    for (const edge of edges) {
      for (const step of others) if (share(edge.on, step.on)) waiting.push([edge.to, step.to]);
    }
  }
  return false;
}

/** Whether both accept some character. Two sets are not compared but assumed to overlap. */
function share(one: Edge['on'], other: Edge['on']): boolean {
  if (one === undefined || other === undefined) return false;
  if (typeof one === 'string') return typeof other === 'string' ? one === other : other(one);
  return typeof other === 'string' ? one(other) : true;
}
