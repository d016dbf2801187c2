import type { RemoteTable } from '../remote-lake.ts';
import { isSymbol, isWord, readSqlTokens, type SqlToken } from '../sql-tokens.ts';

/** A place in a question that reads a table of the lake, and what it says about the hours. */
export interface LakeRead {
  readonly table: RemoteTable;
  /** SQL over `dt`, `hour`, and the first and last moment of an hour, `lower` and `upper`. Other hours have no row of the answer. */
  readonly conditions: readonly string[];
}

/** The alias that the engine's analysis gives a table: `__table1`. */
const alias = /^__table\d+$/;
const ending = ['group', 'having', 'window', 'qualify', 'order', 'limit', 'offset', 'union', 'intersect', 'except'];
const beforeCondition = ['where', 'prewhere'];
/** The same for each row, whenever they are called. */
const functions = new Set(
  `_cast array and or not in tuple plus minus toDate toDateTime toDateTime64 toString toHour toDayOfWeek toDayOfMonth toMonth
  toYear toYYYYMM toYYYYMMDD toMonday toStartOfDay toStartOfMonth toStartOfWeek toIntervalDay toIntervalHour addDays addHours
  subtractDays subtractHours equals`
    .split(/\s+/)
    .map((name) => name.toLowerCase()),
);
/** Functions of a time that never fall while the time rises. */
const rising = new Set(
  `toDate toDateTime toStartOfHour toStartOfDay toStartOfWeek toStartOfMonth toMonday toYYYYMM toYYYYMMDD toUnixTimestamp`
    .split(/\s+/)
    .map((name) => name.toLowerCase()),
);
const words = new Set(['and', 'or', 'not', 'in', 'is', 'null', 'true', 'false']);

/**
 * What a question reads of the lake, from what the engine made of it: `EXPLAIN QUERY TREE dump_tree = 0, dump_ast = 1`. There
 * each table has an alias of its own, names are resolved and constants are computed. Of the conditions of a SELECT that reads
 * one table only those count that are joined by AND, and mean the same for each row of an hour; all others leave out no hour.
 */
export function findLakeReads(tree: string): LakeRead[] {
  const tokens = readSqlTokens(tree);
  return tokens.flatMap((_, at) => {
    const [database, dot, table, as, name] = tokens.slice(at, at + 5);
    if (!isWord(database, 'lake') || !isSymbol(dot, '.') || !isWord(table, 'requests', 'logs')) return [];
    if (isSymbol(tokens[at - 1], '.')) return [];
    const read = { table: table?.text as RemoteTable, conditions: [] as string[] };
    if (!isWord(tokens[at - 1], 'from') || !isWord(as, 'as') || !alias.test(name?.text ?? '')) return [read];
    for (let next = at + 5; isWord(tokens[next], ...beforeCondition); ) {
      const end = endOfClause(tokens, next + 1);
      for (const part of conjuncts(tokens.slice(next + 1, end))) {
        const condition = conditionOf(tree, part, name?.text ?? '', tokens);
        if (condition !== undefined) read.conditions.push(condition);
      }
      next = end;
    }
    return [read];
  });
}

function endOfClause(tokens: readonly SqlToken[], from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    const token = tokens[at] as SqlToken;
    if (depth === 0 && (isSymbol(token, ')') || isWord(token, ...ending, ...beforeCondition))) return at;
    depth += opening(token);
  }
  return tokens.length;
}

function opening(token: SqlToken): number {
  if (isSymbol(token, '(') || isSymbol(token, '[')) return 1;
  return isSymbol(token, ')') || isSymbol(token, ']') ? -1 : 0;
}

/** Parts that must all be true. The engine writes parentheses around each part that has an operator. */
function conjuncts(tokens: readonly SqlToken[]): (readonly SqlToken[])[] {
  const parts: SqlToken[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    depth += opening(token);
    if (depth === 0 && isWord(token, 'and')) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  const [only = []] = parts;
  if (parts.length === 1) return isInParentheses(only) ? conjuncts(only.slice(1, -1)) : [only];
  // Beside another operator AND may not be the outermost one.
  return parts.every(isOne) ? parts.flatMap(conjuncts) : [];
}

/** Something in parentheses, a call, or a column. */
function isOne(tokens: readonly SqlToken[]): boolean {
  const [first, second] = tokens;
  if (first?.kind !== 'word') return isInParentheses(tokens);
  return isSymbol(second, '.') ? tokens.length === 3 : isInParentheses(tokens.slice(1));
}

function isInParentheses(tokens: readonly SqlToken[]): boolean {
  if (!isSymbol(tokens[0], '(')) return false;
  let depth = 0;
  return tokens.every((token, at) => {
    depth += opening(token);
    return depth > 0 || at === tokens.length - 1;
  });
}

/** The condition as SQL of its own; undefined if it says nothing about hours alone. */
function conditionOf(
  tree: string,
  part: readonly SqlToken[],
  name: string,
  all: readonly SqlToken[],
): string | undefined {
  const first = part[0];
  if (!first) return undefined;
  const endAt = all[all.indexOf(part.at(-1) as SqlToken) + 1]?.at ?? tree.length;
  const text = (from: number, to: number) =>
    tree.slice(part[from]?.at ?? endAt, part[to]?.at ?? endAt).replaceAll(`${name}.`, '');
  const columns = columnsOf(part, name);
  if (columns === undefined || columns.length === 0) return undefined;
  if (!columns.includes('time')) return text(0, part.length);
  return columns.length === 1 ? timeCondition(part, text) : undefined;
}

/** Names of the columns; undefined if anything is in it that may differ from row to row. */
function columnsOf(part: readonly SqlToken[], name: string): string[] | undefined {
  const columns: string[] = [];
  for (let at = 0; at < part.length; at++) {
    const token = part[at] as SqlToken;
    if (token.kind === 'string' || token.kind === 'number') continue;
    if (token.kind === 'symbol') {
      if (!'()[],=<>!+-'.includes(token.text)) return undefined;
      continue;
    }
    if (token.kind !== 'word') return undefined;
    const next = part[at + 1];
    if (token.text === name) {
      const column = part[at + 2];
      if (!isSymbol(next, '.') || !isWord(column, 'dt', 'hour', 'time')) return undefined;
      columns.push(column?.text ?? '');
      at += 2;
    } else if (isSymbol(next, '(')) {
      const folded = token.text.toLowerCase();
      if (!functions.has(folded) && !rising.has(folded) && !words.has(folded)) return undefined;
    } else if (!words.has(token.text.toLowerCase())) return undefined;
  }
  return columns;
}

/** `toStartOfHour(__table1.time) >= …`: true for some row of an hour only if it is so for one of its ends. */
function timeCondition(part: readonly SqlToken[], text: (from: number, to: number) => string): string | undefined {
  const isCall = isSymbol(part[1], '(');
  if (isCall && !rising.has(part[0]?.text.toLowerCase() ?? '')) return undefined;
  const column = isCall ? 2 : 0;
  const after = column + 3 + (isCall ? 1 : 0);
  if (part[column + 2]?.text !== 'time' || (isCall && !isSymbol(part[after - 1], ')'))) return undefined;
  const operators = part
    .slice(after, after + 2)
    .filter((token) => isSymbol(token, '<') || isSymbol(token, '>') || isSymbol(token, '='));
  const operator = operators.map((token) => token.text).join('');
  const of = (end: 'lower' | 'upper') => (isCall ? `${part[0]?.text}(${end})` : end);
  const value = text(after + operators.length, part.length);
  if (operator === '<' || operator === '<=') return `${of('lower')} ${operator} ${value}`;
  if (operator === '>' || operator === '>=') return `${of('upper')} ${operator} ${value}`;
  return operator === '=' ? `${of('lower')} <= ${value} AND ${of('upper')} >= ${value}` : undefined;
}
