import { createHash } from 'node:crypto';
import type { Engine } from '../engine/engine.ts';
import { readSqlTokens } from '../engine/sql-tokens.ts';
import { readText } from './answer-rows.ts';
import { compileStates, type StatesPlan } from './compile-states.ts';
import { partsOf, readTree } from './read-tree.ts';
import type { ResultColumn } from './result-column.ts';
import { readPlainSelect } from './select-shape.ts';
import { rowsOfWindow, type SourceTable } from './source-rows.ts';
import type { WindowQuery } from './window-query.ts';

/** A query that the engine accepts, and how it is answered. */
export interface CompiledQuery {
  readonly query: WindowQuery;
  /** Decimal digits of a UInt64: another definition is another version. */
  readonly version: string;
  /** The SQL in the engine's normal form. */
  readonly sql: string;
  readonly columns: readonly ResultColumn[];
  readonly source: SourceTable;
  /** How it is folded from states; otherwise each window is asked over its rows. */
  readonly states: StatesPlan | undefined;
  /** Why it is not folded from states; empty if it is. */
  readonly why: string;
}

/** Columns of every result, beside those of the query. */
const givenColumns: ReadonlySet<string> = new Set(['window_start', 'window_end']);
const takenColumns: ReadonlySet<string> = new Set(['correction', 'number']);

/** Types whose values are the same after they were text. */
const textTypes =
  /^(?:U?Int\d+|Float(?:32|64)|Bool|(?:Fixed)?String|Date(?:32|Time|Time64)?|IPv[46]|UUID|Decimal\w*|Enum\d+|Nullable|LowCardinality|Array|Tuple|Map)$/;

/**
 * Judges a query as any question of a person, and decides how it is answered.
 * @throws Error that says what the SQL may not be; EngineError
 */
export async function compileQuery(engine: Engine, query: WindowQuery): Promise<CompiledQuery> {
  const source = await readSource(engine, query.from);
  const sql = (
    await readText(engine, { sql: 'SELECT formatQuerySingleLine({question:String})', params: { question: query.sql } })
  ).trimEnd();
  const tree = await readText(engine, { sql: `EXPLAIN AST ${sql}` });
  checkTables(query, tree);
  const columns = (await describe(engine, rowsOfWindow(source, sql))).filter(({ name }) => !givenColumns.has(name));
  checkColumns(query, columns);
  const compiled = { query, sql, columns, source, version: versionOf(query, sql) };
  if (query.window.type === 'session')
    return { ...compiled, states: undefined, why: 'sessions are known only when they are over' };
  const plain = readPlainSelect(sql, tree);
  if ('why' in plain) return { ...compiled, states: undefined, why: plain.why };
  const states = await compileStates(
    plain,
    compiled,
    (statement) => describe(engine, statement),
    (text) => readText(engine, { sql: `EXPLAIN AST ${text}` }),
  );
  return 'why' in states ? { ...compiled, states: undefined, why: states.why } : { ...compiled, states, why: '' };
}

function versionOf({ name, from, window }: WindowQuery, sql: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([name, from, window, sql]))
    .digest();
  return hash.readBigUInt64BE().toString();
}

async function readSource(engine: Engine, table: string): Promise<SourceTable> {
  const columns = await engine.rows<{ name: string; database: string }>({
    sql: 'SELECT name, database FROM system.columns WHERE database = currentDatabase() AND table = {table:String} ORDER BY position',
    params: { table },
  });
  return { table, database: columns[0]?.database ?? '', columns: columns.map(({ name }) => name) };
}

async function describe(engine: Engine, select: string): Promise<ResultColumn[]> {
  const text = await readText(engine, { sql: `DESCRIBE TABLE (${select})` }, 'JSONCompact');
  const { data } = JSON.parse(text) as { readonly data: readonly (readonly string[])[] };
  return data.map(([name = '', type = '']) => ({ name, type }));
}

/** Its rows are those of one window: any other table would hold others. */
function checkTables({ name, from }: WindowQuery, tree: string): void {
  const root = readTree(tree);
  if (root.children[0]?.kind !== 'SelectWithUnionQuery') throw refusal(name, 'it is no SELECT');
  const parts = partsOf(root);
  const own = new Set(parts.filter(({ kind }) => kind === 'WithElement').map((part) => part.name));
  const tables = parts.filter(({ kind }) => kind === 'TableIdentifier').map((part) => part.name);
  const other = tables.find((table) => table !== from && !own.has(table));
  if (other !== undefined)
    throw refusal(name, `it reads the table ${other}; name only ${from}, whose rows are those of a window`);
  if (own.has(from) || !tables.includes(from)) throw refusal(name, `it does not read ${from}; write FROM ${from}`);
}

function checkColumns({ name }: WindowQuery, columns: readonly ResultColumn[]): void {
  const names = columns.map((column) => column.name);
  const twice = names.find((column, index) => names.indexOf(column) !== index);
  const taken = names.find((column) => takenColumns.has(column)) ?? twice;
  if (columns.length === 0) throw refusal(name, 'its result has no column besides window_start and window_end');
  if (taken !== undefined) throw refusal(name, `its result has a second column ${taken}; name it otherwise, by AS`);
  for (const column of columns) {
    const words = readSqlTokens(column.type);
    // A word before another one is the name of an element.
    const odd = words.find(
      ({ kind, text }, index) => kind === 'word' && words[index + 1]?.kind !== 'word' && !textTypes.test(text),
    );
    if (odd)
      throw refusal(name, `its column ${column.name} has the type ${column.type}; convert it, e.g. by toString()`);
  }
}

function refusal(name: string, cause: string): Error {
  return new Error(`cannot run the continuous query "${name}": ${cause}`);
}
