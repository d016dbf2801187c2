import { quoteString } from '../engine/bound-parameter.ts';
import { quoteIdentifier } from '../schema/quote-identifier.ts';
import { assignWindows, type WindowAssignment } from './assign-windows.ts';
import { keyOfRow, noKey, paneOfRow } from './panes.ts';
import { partsOf, readTree } from './read-tree.ts';
import type { ResultColumn } from './result-column.ts';
import { type NotPlain, type Piece, type PlainSelect, replaceTokens } from './select-shape.ts';
import { moment, namedColumns, type SourceTable, sourceRows } from './source-rows.ts';
import type { WindowQuery } from './window-query.ts';

/** How a query is answered from aggregate states of panes. */
export interface StatesPlan {
  /**
   * Question: `pane` (Int64, epoch ms), `key` of the window, `keys` and `states` of the rows.
   * @param where SQL over the source
   */
  fold(where: string): string;
  /** Question: `tailrace_start` and `tailrace_end` (Int64, epoch ms), `tailrace_key` and the columns of the query, of the windows that {@link windowParameters} name. */
  readonly answer: string;
  /** The same question over rows of the source, without states. @param where SQL over the source */
  answerRows(where: string): string;
  /** Types of the keys and states. */
  readonly keyTypes: readonly string[];
  readonly stateTypes: readonly string[];
}

interface Compiling {
  readonly query: WindowQuery;
  readonly sql: string;
  readonly source: SourceTable;
  readonly version: string;
  readonly columns: readonly ResultColumn[];
}

type Describe = (select: string) => Promise<readonly ResultColumn[]>;

const windowNames = ['window_start', 'window_end'];

/**
 * Turns a SELECT into one that makes states of panes, and one that merges them. A name that is left over in the second,
 * by the engine's own parser, is a column that it does not have: then it is not done.
 */
export async function compileStates(
  plain: PlainSelect,
  compiling: Compiling,
  describe: Describe,
  explain: (sql: string) => Promise<string>,
): Promise<StatesPlan | NotPlain> {
  const { query } = compiling;
  const source = namedColumns(compiling.source, compiling.sql);
  const problem = findProblem(plain);
  if (problem !== undefined) return { why: problem };
  const windowKey = keyOfRow(query.window);
  const keys = plain.groupBy.filter(({ tokens }) => !(tokens.length === 1 && isWindowName(tokens[0]?.text)));
  const inner = foldSelect(source.table, plain, { keys, isDivided: windowKey !== undefined });
  const fold = (where: string) => {
    const more = [
      `${paneOfRow(query.window)} AS tailrace_pane`,
      ...(windowKey === undefined ? [] : [`${windowKey} AS tailrace_key`]),
    ];
    return `WITH ${sourceRows(source, { where, more })} SELECT * FROM (${inner})`;
  };
  const types = new Map((await describe(fold('true'))).map(({ name, type }) => [name, type]));
  const typesOf = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, index) => types.get(`${prefix}${index}`) ?? '');
  const keyTypes = typesOf('tailrace_k', keys.length);
  const stateTypes = typesOf('tailrace_s', plain.aggregates.length);
  const assignment = assignWindows(query);
  const answer = answerSelect({ plain, keys, assignment, keyTypes, stateTypes, compiling });
  const left = await findLeftOver(explain, answer.outer, plain);
  if (left !== undefined) return { why: `${left} is neither a key nor aggregated` };
  const texts = (prefix: string, count: number, cast: (name: string) => string) =>
    Array.from({ length: count }, (_, index) => cast(`${prefix}${index}`)).join(', ');
  const statesOf = (where: string) => `
      SELECT
        tailrace_pane AS pane,
        ${windowKey === undefined ? noKey : 'tailrace_key'} AS key,
        CAST([${texts('tailrace_k', keys.length, asText)}], 'Array(Nullable(String))') AS keys,
        CAST([${texts('tailrace_s', plain.aggregates.length, (name) => `CAST(${name}, 'String')`)}], 'Array(String)') AS states
      FROM (${fold(where)})`;
  return {
    fold: statesOf,
    answer: answer.over(foldedStates(compiling, assignment)),
    // No window has ended before its rows come.
    answerRows: (where) =>
      answer.over(`(SELECT *, toInt64(${Number.MIN_SAFE_INTEGER}) AS watermark FROM (${statesOf(where)}))`),
    keyTypes,
    stateTypes,
  };
}

/** SQL: a value as text, or NULL. */
export function asText(expression: string): string {
  return `CAST(toString(${expression}), 'Nullable(String)')`;
}

function isWindowName(name: string | undefined): boolean {
  return name !== undefined && windowNames.includes(name);
}

function mentions({ tokens }: Piece, names: readonly string[]): boolean {
  return tokens.some(({ kind, text }) => (kind === 'word' || kind === 'quoted') && names.includes(text));
}

function findProblem({ items, where, groupBy, aggregates }: PlainSelect): string | undefined {
  const beforeMerging = [
    ...aggregates,
    ...groupBy.filter(({ tokens }) => tokens.length > 1),
    ...(where ? [where] : []),
  ];
  if (beforeMerging.some((piece) => mentions(piece, windowNames)))
    return 'its rows are chosen or grouped by window_start or window_end';
  const named = items.filter(({ alias }) => alias !== undefined);
  const late = named.filter((item) => isLate(item, aggregates)).flatMap(({ alias }) => alias ?? []);
  // The engine may take such a name for the alias or for a column of the rows.
  const shadowed = beforeMerging.concat(groupBy).find((piece) => mentions(piece, late));
  if (shadowed) return `an alias in ${shadowed.text} stands for an aggregate or a time of the window`;
  return undefined;
}

/** Whether an item has a value only once states are merged. */
function isLate(item: Piece, aggregates: readonly Piece[]): boolean {
  return mentions(item, windowNames) || aggregates.some((call) => contains(item, call));
}

function contains({ tokens }: Piece, { tokens: sought }: Piece): boolean {
  return tokens.some((_, index) =>
    sought.every(
      ({ kind, text }, offset) => tokens[index + offset]?.kind === kind && tokens[index + offset]?.text === text,
    ),
  );
}

/** Items without aggregates are kept, for other pieces may use their aliases. */
function foldSelect(
  table: string,
  { items, where, aggregates }: PlainSelect,
  { keys, isDivided }: { readonly keys: readonly Piece[]; readonly isDivided: boolean },
): string {
  const panes = ['tailrace_pane', ...(isDivided ? ['tailrace_key'] : [])];
  const named = items.filter(({ alias }) => alias !== undefined);
  const columns = [
    ...panes,
    ...keys.map(({ text }, index) => `${text} AS tailrace_k${index}`),
    ...aggregates.map(({ name, argumentsText }, index) => {
      const rest = argumentsText === '(*)' ? '()' : argumentsText;
      return `${name}State${rest} AS tailrace_s${index}`;
    }),
    ...named.filter((item) => !isLate(item, aggregates)).map(({ text }) => text),
  ];
  const groups = [...panes, ...keys.map((_, index) => `tailrace_k${index}`)];
  return `SELECT ${columns.join(', ')} FROM ${quoteIdentifier(table)} ${where ? `WHERE ${where.text} ` : ''}GROUP BY ${groups.join(', ')}`;
}

interface Answering {
  readonly plain: PlainSelect;
  readonly keys: readonly Piece[];
  readonly assignment: WindowAssignment;
  readonly keyTypes: readonly string[];
  readonly stateTypes: readonly string[];
  readonly compiling: Compiling;
}

function answerSelect(answering: Answering): { over: (states: string) => string; outer: string } {
  const { plain, keys, assignment, compiling } = answering;
  const { sql, columns } = compiling;
  const aliased = new Map(
    plain.items.flatMap(({ alias, expression }) => (alias === undefined ? [] : [[alias, expression] as const])),
  );
  const resolved = keys.map((key) => (key.tokens.length === 1 ? (aliased.get(key.tokens[0]?.text ?? '') ?? key) : key));
  const replacements = [
    ...plain.aggregates.map((call, index) => [call, `tailrace_m${index}`] as const),
    ...resolved.map((key, index) => [key, `tailrace_k${index}`] as const),
  ].toSorted(([one], [other]) => other.tokens.length - one.tokens.length);
  const rewritten = (piece: Piece) => replaceTokens(sql, piece, replacements);
  const list = plain.items
    .filter(({ alias, expression }) => !isWindowName(alias ?? expression.text))
    .map(({ expression }, index) => `${rewritten(expression)} AS ${quoteIdentifier(columns[index]?.name ?? '')}`);
  const order = [...assignment.identity, ...plain.orderBy.map(rewritten)].join(', ');
  const having = plain.having ? `WHERE ${rewritten(plain.having)} ` : '';
  const limit = plain.limit === undefined ? '' : ` LIMIT ${plain.limit} BY ${assignment.identity.join(', ')}`;
  const outer = (from: string) =>
    `SELECT tailrace_start, ${assignment.end} AS tailrace_end, ${assignment.key} AS tailrace_key, ${list.join(', ')} FROM ${from} ${having}ORDER BY ${order}${limit}`;
  return { over: (states) => outer(`(${mergeSelect(answering, states)})`), outer: outer('merged') };
}

/** SQL: the states of recorded folds that the windows need. */
function foldedStates({ source, version }: Compiling, { needed }: WindowAssignment): string {
  const database = quoteIdentifier(source.database);
  const isOfVersion = `version = toUInt64(${quoteString(version)})`;
  return `(
      SELECT pane, watermark, key, keys, states
      FROM ${database}.window_states
      WHERE ${isOfVersion} AND ${needed}
        AND fold IN (SELECT fold FROM ${database}.window_folds WHERE ${isOfVersion})
    )`;
}

/** The states of each window, merged by key. */
function mergeSelect({ plain, assignment, keyTypes, stateTypes }: Answering, states: string): string {
  const { identity, end } = assignment;
  const keys = keyTypes.map((_, index) => `tailrace_k${index}`);
  const typedKeys = keyTypes.map(
    (type, index) => `CAST(keys[${index + 1}], ${quoteString(type)}) AS tailrace_k${index}`,
  );
  const merged = plain.aggregates.map(({ name, argumentsText }, index) => {
    const state = `CAST(states[${index + 1}], ${quoteString(stateTypes[index] ?? '')})`;
    return `${name}Merge${parametersOf(argumentsText)}(${state}) AS tailrace_m${index}`;
  });
  const bounds = [`${moment('tailrace_start')} AS window_start`, `${moment(end)} AS window_end`];
  return `
    SELECT ${[...identity, ...bounds, ...keys, ...merged].join(', ')}
    FROM (${assignment.select(states, [...typedKeys, 'states'])})
    GROUP BY ${[...identity, ...keys].join(', ')}`;
}

/** `(0.9)` of `(0.9)(x)`; empty where there is one pair of brackets. */
function parametersOf(argumentsText = ''): string {
  let depth = 0;
  for (let at = 0; at < argumentsText.length; at++) {
    depth += argumentsText[at] === '(' ? 1 : argumentsText[at] === ')' ? -1 : 0;
    if (depth === 0) return argumentsText[at + 1] === '(' ? argumentsText.slice(0, at + 1) : '';
  }
  return '';
}

/** A column of the rows that the second statement would still need. */
async function findLeftOver(
  explain: (sql: string) => Promise<string>,
  outer: string,
  { items }: PlainSelect,
): Promise<string | undefined> {
  const known = new Set([
    ...windowNames,
    'tailrace_start',
    'tailrace_end',
    'tailrace_key',
    ...items.flatMap(({ alias }) => alias ?? []),
  ]);
  const parts = partsOf(readTree(await explain(outer)));
  const bound = new Set(
    parts
      .filter(({ kind, name }) => kind === 'Function' && name === 'lambda')
      .flatMap((lambda) =>
        lambda.children[0]?.children[0] ? partsOf(lambda.children[0].children[0]).map(({ name }) => name) : [],
      ),
  );
  const left = parts.find(
    ({ kind, name }) =>
      kind === 'Identifier' && !known.has(name) && !bound.has(name) && !/^tailrace_[km]\d+$/.test(name),
  );
  return left?.name;
}
