import { isWord, type SqlToken } from '../engine/sql-tokens.ts';
import type { CompiledQuery } from './compile-query.ts';
import { partsOf, readTree } from './read-tree.ts';
import type { AggregateCall, Piece, PlainSelect } from './select-shape.ts';
import type { WindowShape } from './window-query.ts';

/** What runs on Flink instead of a query, and what does not. */
export interface FlinkSql {
  /** Statements that make the table of the rows; its connector is to be filled in. */
  readonly table: string;
  /** Undefined when the query cannot be translated. */
  readonly query: string | undefined;
  /** What cannot be translated, in words. */
  readonly problems: readonly string[];
}

/** https://nightlies.apache.org/flink/flink-docs-stable/docs/dev/table/types/ */
const flinkTypes: readonly (readonly [start: string, type: string])[] = [
  ['DateTime64', 'TIMESTAMP_LTZ(3)'],
  ['DateTime', 'TIMESTAMP_LTZ(0)'],
  ['UInt8', 'SMALLINT'],
  ['UInt16', 'INT'],
  ['UInt32', 'BIGINT'],
  ['UInt64', 'BIGINT'],
  ['Int8', 'TINYINT'],
  ['Int16', 'SMALLINT'],
  ['Int32', 'INT'],
  ['Int64', 'BIGINT'],
  ['Float32', 'FLOAT'],
  ['Float64', 'DOUBLE'],
  ['Bool', 'BOOLEAN'],
  ['String', 'STRING'],
  ['Map(', 'MAP<STRING, STRING>'],
];

/** Functions of both, with the same arguments. */
const sameFunctions = new Set(
  'lower upper length concat replace abs floor ceil round coalesce nullif if greatest least count sum min max avg equals notequals less lessorequals greater greaterorequals and or not plus minus multiply divide like notlike in notin isnull isnotnull negate tuple modulo'.split(
    ' ',
  ),
);

const aggregates: Readonly<Record<string, string>> = { count: 'COUNT', sum: 'SUM', min: 'MIN', max: 'MAX', avg: 'AVG' };

/**
 * The same query for Managed Service for Apache Flink, by its window table-valued functions: TUMBLE, HOP and SESSION.
 * https://nightlies.apache.org/flink/flink-docs-stable/docs/sql/reference/queries/window-tvf/
 * @param tree what `EXPLAIN AST` says of the query
 */
export function flinkSql(compiled: CompiledQuery, tree: string): FlinkSql {
  const { plain, query, why } = compiled;
  const table = tableOf(compiled, tree);
  if (!plain) return { table, query: undefined, problems: [`the query is no plain SELECT: ${why}`] };
  const parts = partsOf(readTree(tree));
  const calls = plain.aggregates.map((call) => ({ call, text: aggregateOf(call) }));
  const problems = [
    ...calls
      .filter(({ text }) => text === undefined)
      .map(({ call }) => `${call.text} has no equivalent; write it by hand`),
    ...parts
      .filter(
        ({ kind, name }) =>
          kind === 'Function' &&
          !sameFunctions.has(name.toLowerCase()) &&
          !calls.some(({ call }) => call.tokens[0]?.text === name),
      )
      .map(({ name }) => `${name} is no function of Flink; write it by hand`),
  ];
  if (query.latenessMs > 0)
    problems.push(
      'late rows: a window table-valued function drops what comes after the watermark; there are no corrections',
    );
  if (query.window.type === 'session')
    problems.push(
      'a session of Flink has no longest time, and takes a row that comes exactly the gap after the one before it',
      ...(plain.limit === undefined ? [] : ['LIMIT within each session; write it by hand']),
    );
  const isTranslated =
    calls.every(({ text }) => text !== undefined) && (query.window.type !== 'session' || plain.limit === undefined);
  return {
    table,
    query: isTranslated ? selectOf(compiled, plain, calls) : undefined,
    problems: [...new Set(problems)],
  };
}

function tableOf({ source, query }: CompiledQuery, tree: string): string {
  const used = new Set(
    partsOf(readTree(tree))
      .filter(({ kind }) => kind === 'Identifier')
      .map(({ name }) => name)
      .concat(query.window.type === 'session' ? query.window.key : []),
  );
  const columns = source.columns
    .filter(({ name }) => name !== 'time' && used.has(name))
    .map(({ name, type }) => `  ${quote(name)} ${flinkTypeOf(type)},`);
  return [
    `CREATE TABLE ${quote(source.table)} (`,
    '  `time` TIMESTAMP_LTZ(3),',
    ...columns,
    `  WATERMARK FOR \`time\` AS \`time\` - INTERVAL ${interval(query.disorderMs)}`,
    ') WITH (',
    "  'connector' = 'kinesis',",
    "  'stream.arn' = 'arn:aws:kinesis:REGION:ACCOUNT:stream/STREAM',",
    "  'aws.region' = 'REGION',",
    "  'format' = 'json'",
    ');',
  ].join('\n');
}

function flinkTypeOf(type: string): string {
  const plain = type.replace(/^LowCardinality\(/, '').replace(/^Nullable\(/, '');
  return flinkTypes.find(([start]) => plain.startsWith(start))?.[1] ?? 'STRING';
}

/** Seconds, in as many digits as there are. */
function interval(ms: number): string {
  const seconds = String(ms / 1000);
  const digits = seconds.split('.')[0]?.length ?? 1;
  return `'${seconds}' SECOND(${Math.max(2, digits)}${ms % 1000 === 0 ? '' : ', 3'})`;
}

function selectOf({ source, query, columns }: CompiledQuery, plain: PlainSelect, calls: readonly Translated[]): string {
  const { window } = query;
  const from = windowFunction(source.table, window);
  const aliased = new Map(
    plain.items.flatMap(({ alias, expression }) => (alias === undefined ? [] : [[alias, expression] as const])),
  );
  // Names given by AS are not known in GROUP BY and WHERE of Flink.
  const spell = (piece: Piece) => spellTokens(piece, calls, aliased);
  const bounds = ['window_start', 'window_end'];
  const items = plain.items
    .filter(({ alias, expression }) => !bounds.includes(alias ?? expression.text))
    .map(({ expression }, index) => `${spell(expression)} AS ${quote(columns[index]?.name ?? '')}`);
  const own = plain.groupBy.map(spell).filter((key) => !bounds.includes(key.replaceAll('`', '')));
  // Windows are those of each key.
  const keys = [...new Set([...own, ...(query.window.type === 'session' ? query.window.key.map(quote) : [])])];
  const lines = [
    `SELECT ${[...bounds, ...items].join(',\n  ')}`,
    `FROM ${from}`,
    ...(plain.where ? [`WHERE ${spell(plain.where)}`] : []),
    `GROUP BY ${[...bounds, ...keys].join(', ')}`,
    ...(plain.having ? [`HAVING ${spell(plain.having)}`] : []),
  ];
  if (plain.limit === undefined) return `${lines.join('\n')};`;
  // The first ones of each window: https://nightlies.apache.org/flink/flink-docs-stable/docs/sql/reference/queries/window-topn/
  const order = plain.orderBy.map((piece) => spellTokens(piece, calls, new Map())).join(', ') || 'window_start';
  const names = [...bounds, ...columns.map(({ name }) => quote(name))].join(', ');
  return [
    `SELECT ${names}`,
    'FROM (',
    `  SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY ${order}) AS \`place\``,
    '  FROM (',
    ...lines.map((line) => `    ${line.replaceAll('\n', '\n    ')}`),
    '  )',
    ')',
    `WHERE \`place\` <= ${plain.limit};`,
  ].join('\n');
}

/** https://nightlies.apache.org/flink/flink-docs-stable/docs/sql/reference/queries/window-tvf/ */
function windowFunction(table: string, window: WindowShape): string {
  const keys = window.type === 'session' ? window.key.map(quote) : [];
  // Without brackets a second column would be the next argument.
  const rows = `TABLE ${quote(table)}${keys.length === 0 ? '' : ` PARTITION BY (${keys.join(', ')})`}`;
  const call = (name: string, lengths: readonly number[]) =>
    `TABLE(${name}(${[rows, 'DESCRIPTOR(`time`)', ...lengths.map((ms) => `INTERVAL ${interval(ms)}`)].join(', ')}))`;
  if (window.type === 'session') return call('SESSION', [window.gapMs]);
  return window.type === 'hopping' ? call('HOP', [window.everyMs, window.sizeMs]) : call('TUMBLE', [window.sizeMs]);
}

interface Translated {
  readonly call: AggregateCall;
  readonly text: string | undefined;
}

function aggregateOf({ name, tokens }: AggregateCall): string | undefined {
  const inner = tokens.slice(2, -1);
  const spelled = (own: readonly SqlToken[]) => joinWords(own.map(spellToken));
  if (name === 'uniqExact') return `COUNT(DISTINCT ${spelled(inner)})`;
  const own = aggregates[name];
  if (own !== undefined) return `${own}(${inner.length === 0 ? '*' : spelled(inner)})`;
  const filtered = name.endsWith('If') ? aggregates[name.slice(0, -2)] : undefined;
  if (filtered === undefined) return undefined;
  if (filtered === 'COUNT') return `COUNT(*) FILTER (WHERE ${spelled(inner)})`;
  const comma = inner.findIndex(({ kind, text }) => kind === 'symbol' && text === ',');
  return `${filtered}(${spelled(inner.slice(0, comma))}) FILTER (WHERE ${spelled(inner.slice(comma + 1))})`;
}

function spellTokens({ tokens }: Piece, calls: readonly Translated[], aliased: ReadonlyMap<string, Piece>): string {
  const words: string[] = [];
  for (let index = 0; index < tokens.length; ) {
    const found = calls.find(({ call }) =>
      call.tokens.every(({ kind, text }, at) => tokens[index + at]?.kind === kind && tokens[index + at]?.text === text),
    );
    const token = tokens[index];
    const alias = token && (token.kind === 'word' || token.kind === 'quoted') ? aliased.get(token.text) : undefined;
    if (found) words.push(found.text ?? '');
    else if (alias) words.push(spellTokens(alias, calls, new Map()));
    else if (token) words.push(spellToken(token, index, tokens));
    index += found ? found.call.tokens.length : 1;
  }
  return joinWords(words);
}

/** Operators of two characters are two symbols. */
const operators: Readonly<Record<string, string>> = {
  '>=': '>=',
  '<=': '<=',
  '!=': '<>',
  '<>': '<>',
  '==': '=',
  '||': '||',
};

function joinWords(words: readonly string[]): string {
  let text = '';
  for (let index = 0; index < words.length; index++) {
    const operator = operators[`${words[index]}${words[index + 1]}`];
    const word = operator ?? words[index] ?? '';
    const isTight = text === '' || text.endsWith('(') || word === ')' || word === ',';
    text += isTight ? word : ` ${word}`;
    if (operator !== undefined) index++;
  }
  return text;
}

const keywords = [
  'and',
  'or',
  'not',
  'in',
  'like',
  'is',
  'null',
  'asc',
  'desc',
  'nulls',
  'first',
  'last',
  'true',
  'false',
];

function spellToken(token: SqlToken, index: number, tokens: readonly SqlToken[]): string {
  if (token.kind === 'string') return `'${token.text.replaceAll("'", "''")}'`;
  if (token.kind === 'quoted') return quote(token.text);
  if (token.kind !== 'word' || isWord(token, ...keywords)) return token.text.toUpperCase();
  const isCall = tokens[index + 1]?.kind === 'symbol' && tokens[index + 1]?.text === '(';
  return isCall ? token.text.toUpperCase() : quote(token.text);
}

function quote(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
