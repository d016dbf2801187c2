import { isAggregate } from '../engine/question/allowed-functions.ts';
import { isSymbol, isWord, readSqlTokens, type SqlToken } from '../engine/sql-tokens.ts';
import { mergeableName } from './mergeable-aggregates.ts';
import { partsOf, readTree, type TreePart } from './read-tree.ts';

/** A piece of a statement. */
export interface Piece {
  readonly text: string;
  readonly tokens: readonly SqlToken[];
}

export interface SelectItem extends Piece {
  /** The expression without its alias. */
  readonly expression: Piece;
  readonly alias: string | undefined;
}

/** An aggregate function and its arguments. */
export interface AggregateCall extends Piece {
  /** That takes suffixes. */
  readonly name: string;
  /** `(x)`, or `(0.9)(x)`. */
  readonly argumentsText: string;
}

/** `SELECT items FROM source [WHERE …] [GROUP BY …] [HAVING …] [ORDER BY …] [LIMIT …]`, in pieces. */
export interface PlainSelect {
  readonly items: readonly SelectItem[];
  readonly where: Piece | undefined;
  readonly groupBy: readonly Piece[];
  readonly having: Piece | undefined;
  readonly orderBy: readonly Piece[];
  readonly limit: string | undefined;
  /** The different ones, in their order. */
  readonly aggregates: readonly AggregateCall[];
}

/** Why a statement is not folded from states. */
export interface NotPlain {
  readonly why: string;
}

/** Prefix of our own names within a person's statement. */
export const ownPrefix = 'tailrace_';

const clauses = ['select', 'from', 'where', 'group by', 'having', 'order by', 'limit'] as const;
type Clause = (typeof clauses)[number];

/**
 * Takes a SELECT apart. The engine's own parser decides whether that is right: the statement must consist of parts that
 * are known, and the pieces must be as many as those of the syntax tree.
 * @param sql in the engine's normal form, one line
 * @param tree what `EXPLAIN AST` says of it
 */
export function readPlainSelect(sql: string, tree: string): PlainSelect | NotPlain {
  const root = readTree(tree).children[0];
  const parts = root ? [root, ...partsOf(root)] : [];
  const select = parts.find(({ kind }) => kind === 'SelectQuery');
  const unknown = parts.find((part) => !isKnown(part));
  if (!select || !root) return { why: 'it is no plain SELECT' };
  if (unknown) return { why: describePart(unknown) };
  if (parts.filter(({ kind }) => kind === 'SelectQuery').length > 1) return { why: 'it has more than one SELECT' };
  const tokens = readSqlTokens(sql);
  if (tokens.some(({ text }) => text.startsWith(ownPrefix)))
    return { why: `it uses names that begin with ${ownPrefix}` };
  const found = splitClauses(sql, tokens);
  if ('why' in found) return found;
  return checkPieces(found, select);
}

/** They multiply rows, or give another value when they are called at another time or over other blocks. */
function isUnsteady(name: string): boolean {
  const folded = name.toLowerCase();
  return (
    ['arrayjoin', 'grouping', 'untuple', 'exists', 'today', 'yesterday', 'curdate', 'neighbor'].includes(folded) ||
    ['now', 'rand', 'generate', 'current_', 'running'].some((beginning) => folded.startsWith(beginning)) ||
    folded.includes('block')
  );
}

const plainKinds = new Set([
  'SelectWithUnionQuery',
  'ExpressionList',
  'SelectQuery',
  'Function',
  'Identifier',
  'Literal',
  'TablesInSelectQuery',
  'TablesInSelectQueryElement',
  'TableExpression',
  'TableIdentifier',
  'OrderByElement',
]);

function isKnown({ kind, name }: TreePart): boolean {
  return plainKinds.has(kind) && !(kind === 'Function' && isUnsteady(name));
}

function describePart({ kind, name }: TreePart): string {
  if (kind === 'WithElement') return 'it has WITH';
  if (kind === 'Subquery') return 'it has a subquery';
  if (kind === 'TableJoin') return 'it joins';
  if (kind.startsWith('Window')) return 'it has window functions';
  if (kind === 'Asterisk' || kind.startsWith('Columns') || kind.startsWith('Qualified')) return 'it selects *';
  if (kind === 'Function') return `it calls ${name}`;
  return `it has a part ${kind}`;
}

interface Clauses {
  readonly sql: string;
  readonly pieces: ReadonlyMap<Clause, Piece>;
}

function splitClauses(sql: string, tokens: readonly SqlToken[]): Clauses | NotPlain {
  const starts: { clause: Clause; from: number; body: number }[] = [];
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    depth += depthOf(token);
    if (depth > 0 || token.kind !== 'word') continue;
    const clause = clauses.find((name) => {
      const [first = '', second] = name.split(' ');
      return isWord(token, first) && (second === undefined || isWord(tokens[index + 1], second));
    });
    if (clause === undefined) continue;
    const last = starts.at(-1);
    if (last && clauses.indexOf(clause) <= clauses.indexOf(last.clause))
      return { why: 'its clauses are in another order' };
    starts.push({ clause, from: index, body: index + clause.split(' ').length });
  }
  const pieces = new Map<Clause, Piece>();
  for (const [index, { clause, body }] of starts.entries())
    pieces.set(clause, pieceOf(sql, tokens, body, starts[index + 1]?.from ?? tokens.length));
  return { sql, pieces };
}

function depthOf(token: SqlToken): number {
  if (token.kind !== 'symbol') return 0;
  if ('([{'.includes(token.text)) return 1;
  return ')]}'.includes(token.text) ? -1 : 0;
}

function pieceOf(sql: string, tokens: readonly SqlToken[], from: number, to: number): Piece {
  const own = tokens.slice(from, to);
  const text = own.length === 0 ? '' : sql.slice(own[0]?.at, tokens[to]?.at ?? sql.length).trimEnd();
  return { text, tokens: own };
}

function checkPieces({ sql, pieces }: Clauses, select: TreePart): PlainSelect | NotPlain {
  const list = (clause: Clause) => splitList(sql, pieces.get(clause));
  const items = list('select').map((piece) => readItem(sql, piece));
  const [groupBy, orderBy] = [list('group by'), list('order by')];
  const limit = pieces.get('limit');
  const isOtherForm =
    // DISTINCT, TOP, WITH TOTALS, LIMIT BY and the like are no parts of the tree; only these words have a meaning to them.
    isWord(items[0]?.tokens[0], 'distinct', 'top') ||
    [...pieces.values()].some(({ tokens }) => tokens.some(isOtherWord)) ||
    (limit !== undefined && (limit.tokens.length !== 1 || limit.tokens[0]?.kind !== 'number')) ||
    pieces.get('from')?.tokens.length !== 1 ||
    select.children.length !== pieces.size ||
    select.children[0]?.children.length !== items.length ||
    groupBy.some(({ tokens }) => tokens.length === 1 && tokens[0]?.kind === 'number') ||
    orderBy.some(({ tokens }) => tokens[0]?.kind === 'number');
  if (isOtherForm) return { why: 'it has more than SELECT … FROM … WHERE … GROUP BY … HAVING … ORDER BY … LIMIT n' };
  const calls = [...items, ...orderBy, ...(pieces.has('having') ? [pieces.get('having') as Piece] : [])].flatMap(
    (piece) => readCalls(sql, piece),
  );
  const inTree = partsOf(select).filter(({ kind, name }) => kind === 'Function' && isAggregate(name.toLowerCase()));
  const other = inTree.find(({ name }) => mergeableName(name) === undefined);
  if (other) return { why: `the states of ${other.name} do not surely merge` };
  if (inTree.length !== calls.length) return { why: 'its aggregate functions cannot be told apart' };
  if (groupBy.length === 0) return { why: 'it has no GROUP BY' };
  const aggregates = calls.filter(({ text }, index) => calls.findIndex((call) => call.text === text) === index);
  return {
    items,
    where: pieces.get('where'),
    groupBy,
    having: pieces.get('having'),
    orderBy,
    limit: limit?.text,
    aggregates,
  };
}

function isOtherWord(token: SqlToken): boolean {
  return isWord(
    token,
    'totals',
    'rollup',
    'cube',
    'all',
    'sets',
    'fill',
    'ties',
    'interpolate',
    'over',
    'collate',
    'by',
    'with',
    'union',
    'except',
    'intersect',
    'qualify',
    'window',
    'settings',
    'prewhere',
    'final',
    'sample',
    'array',
    'offset',
    'format',
  );
}

function splitList(sql: string, piece: Piece | undefined): Piece[] {
  if (!piece) return [];
  const { tokens } = piece;
  const pieces: Piece[] = [];
  let depth = 0;
  let from = 0;
  const end = (piece.tokens[0]?.at ?? 0) + piece.text.length;
  const add = (to: number) => {
    const own = tokens.slice(from, to);
    pieces.push({ text: sql.slice(own[0]?.at ?? end, tokens[to]?.at ?? end).trimEnd(), tokens: own });
  };
  for (const [index, token] of tokens.entries()) {
    depth += depthOf(token);
    if (depth > 0 || !isSymbol(token, ',')) continue;
    add(index);
    from = index + 1;
  }
  add(tokens.length);
  return pieces;
}

/** The normal form writes each alias with AS. */
function readItem(sql: string, piece: Piece): SelectItem {
  const { tokens, text } = piece;
  const isNamed = isWord(tokens.at(-2), 'as');
  if (!isNamed) return { ...piece, expression: piece, alias: undefined };
  const [start, as] = [tokens[0]?.at ?? 0, tokens.at(-2)?.at ?? 0];
  const expression = { text: sql.slice(start, as).trimEnd(), tokens: tokens.slice(0, -2) };
  return { text, tokens, expression, alias: tokens.at(-1)?.text };
}

function readCalls(sql: string, { tokens, text }: Piece): AggregateCall[] {
  const calls: AggregateCall[] = [];
  const end = (tokens[0]?.at ?? 0) + text.length;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    const name = token?.kind === 'word' && isSymbol(tokens[index + 1], '(') ? mergeableName(token.text) : undefined;
    if (!token || name === undefined) continue;
    let last = closing(tokens, index + 1);
    if (isSymbol(tokens[last + 1], '(')) last = closing(tokens, last + 1);
    const from = tokens[index + 1]?.at ?? end;
    const to = tokens[last + 1]?.at ?? end;
    const own = tokens.slice(index, last + 1);
    const slice = (start: number) => sql.slice(start, to).trimEnd();
    calls.push({ name, text: slice(token.at), argumentsText: slice(from), tokens: own });
    index = last;
  }
  return calls;
}

/** @returns index of the bracket that closes this one */
function closing(tokens: readonly SqlToken[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    const token = tokens[index];
    if (token) depth += depthOf(token);
    if (depth === 0) return index;
  }
  return tokens.length - 1;
}

/** Writes a piece with parts of it replaced. @param replacements by the texts of the tokens they replace; longer ones first */
export function replaceTokens(sql: string, piece: Piece, replacements: readonly (readonly [Piece, string])[]): string {
  const { tokens, text } = piece;
  const end = (tokens[0]?.at ?? 0) + text.length;
  let written = '';
  for (let index = 0; index < tokens.length; ) {
    const found = replacements.find(([{ tokens: sought }]) =>
      sought.every(
        ({ kind, text: word }, offset) =>
          tokens[index + offset]?.kind === kind && tokens[index + offset]?.text === word,
      ),
    );
    const length = found ? found[0].tokens.length : 1;
    const from = tokens[index]?.at ?? end;
    const to = tokens[index + length]?.at ?? end;
    const original = sql.slice(from, to);
    written += found ? `${found[1]}${/\s$/.test(original) ? ' ' : ''}` : original;
    index += length;
  }
  return written.trimEnd();
}
