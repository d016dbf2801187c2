import { type CST, type LineCounter, Parser } from 'yaml';
import type { FoundProblem } from './config-problem.ts';

// The YAML parser and the readers of its result recurse once per level, and a stack overflow may end the process. The
// deepest key of a configuration is on the sixth level.
const mostLevels = 32;
// Words, signs and the blanks between them: about ten per line.
const mostTokens = 40_000;
/** Maximum length of a token, written or from a variable. */
export const mostCharacters = 4096;

/**
 * Checks the size of a YAML text before it is parsed: levels, tokens, and characters of a value. Not recursive.
 *
 * @param lines receives the lines of the text
 */
export function findExcess(source: string, lines: LineCounter): FoundProblem | undefined {
  const open: { readonly token: CST.Token; readonly level: number }[] = [];
  for (const token of new Parser(lines.addNewLine).parse(source)) open.push({ token, level: 0 });
  let tokens = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, level } = next;
    const { count, inner } = contentOf(token);
    tokens += count;
    if (level > mostLevels) return excess(token, `more than ${mostLevels} levels`);
    if (tokens > mostTokens) return excess(token, `more than ${mostTokens} words and signs`);
    if ('source' in token && token.source.length > mostCharacters) {
      return excess(token, `a value of more than ${mostCharacters} characters`);
    }
    for (const child of inner) open.push({ token: child, level: level + 1 });
  }
  return undefined;
}

function contentOf(token: CST.Token): { readonly count: number; readonly inner: readonly CST.Token[] } {
  if (token.type === 'document') return { count: token.start.length, inner: token.value ? [token.value] : [] };
  if (!('items' in token)) return { count: 1, inner: [] };
  let count = 1;
  const inner: CST.Token[] = [];
  for (const { start, key, sep, value } of token.items) {
    count += 1 + start.length + (sep?.length ?? 0);
    if (key) inner.push(key);
    if (value) inner.push(value);
  }
  return { count, inner };
}

function excess({ offset }: CST.Token, what: string): FoundProblem {
  const message = `cannot read YAML: it holds ${what}; name a configuration file, and check the line`;
  return { span: [offset, offset + 1], path: [], message };
}
