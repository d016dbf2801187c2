import { createHash } from 'node:crypto';
import { isSymbol, isWord, readSqlTokens } from '../engine/sql-tokens.ts';
import { nearestName } from '../text/nearest-name.ts';
import { type Asker, readAnswer } from './answer-rows.ts';
import { compileStates, type StatesPlan } from './compile-states.ts';
import { partsOf, readTree } from './read-tree.ts';
import type { ResultColumn } from './result-column.ts';
import { type PlainSelect, readPlainSelect } from './select-shape.ts';
import { rowsOfWindow, type SourceTable } from './source-rows.ts';
import type { WindowQuery } from './window-query.ts';
import { WindowRefusal } from './window-refusal.ts';

/** A query that the engine accepts, and how it is answered. */
export interface CompiledQuery {
  readonly query: WindowQuery;
  /** Decimal digits of a UInt64: another definition is another version. */
  readonly version: string;
  /** The SQL in the engine's normal form. */
  readonly sql: string;
  readonly columns: readonly ResultColumn[];
  readonly source: SourceTable;
  /** Its pieces, where it is plain. */
  readonly plain: PlainSelect | undefined;
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
 * @throws WindowRefusal that says what the SQL may not be; EngineError
 */
export async function compileQuery(asker: Asker, query: WindowQuery): Promise<CompiledQuery> {
  const source = await readSource(asker, query.from);
  const sql = await normalize(asker, query.sql);
  const tree = await explainTree(asker, sql);
  checkTables(query, sql, tree);
  checkKey(query, source);
  const columns = (await describe(asker, rowsOfWindow(source, sql))).filter(({ name }) => !givenColumns.has(name));
  checkColumns(query, columns);
  const compiled = { query, sql, columns, source, version: versionOf(query, sql) };
  const plain = readPlainSelect(sql, tree);
  if ('why' in plain) return { ...compiled, plain: undefined, states: undefined, why: plain.why };
  const states = await compileStates(
    plain,
    compiled,
    (statement) => describe(asker, statement),
    (text) => explainTree(asker, text),
  );
  return 'why' in states
    ? { ...compiled, plain, states: undefined, why: states.why }
    : { ...compiled, plain, states, why: '' };
}

async function normalize(asker: Asker, question: string): Promise<string> {
  const sql = 'SELECT formatQuerySingleLine({question:String}) AS normal';
  const [found] = await readAnswer<{ normal: string }>(asker, { sql, params: { question } });
  return found?.normal ?? '';
}

/** What `EXPLAIN AST` says of a statement. */
export async function explainTree(asker: Asker, sql: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of asker.ask({ sql: `EXPLAIN AST ${sql}` }, { format: 'JSON' })) pieces.push(piece);
  const text = Buffer.concat(pieces).toString();
  // Servers of version 24 take the format for one of the statement that is explained, and answer with plain lines.
  if (!text.startsWith('{')) return text;
  return (JSON.parse(text) as { data: { explain: string }[] }).data.map(({ explain }) => explain).join('\n');
}

function versionOf({ name, from, window }: WindowQuery, sql: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([name, from, window, sql]))
    .digest();
  return hash.readBigUInt64BE().toString();
}

async function readSource(asker: Asker, table: string): Promise<SourceTable> {
  const columns = await readAnswer<{ name: string; type: string; database: string }>(asker, {
    sql: 'SELECT name, type, database FROM system.columns WHERE database = currentDatabase() AND table = {read_table:String} ORDER BY position',
    params: { read_table: table },
  });
  return { table, database: columns[0]?.database ?? '', columns };
}

function describe(asker: Asker, select: string): Promise<ResultColumn[]> {
  return readAnswer(asker, { sql: `DESCRIBE TABLE (${select})` });
}

/** Its rows are those of one window: any other table would hold others. */
function checkTables({ name, from }: WindowQuery, sql: string, tree: string): void {
  const root = readTree(tree);
  if (root.children[0]?.kind !== 'SelectWithUnionQuery') throw refusal(name, 'it is no SELECT');
  const parts = partsOf(root);
  const words = readSqlTokens(sql);
  // Only WITH writes a name before a SELECT in brackets.
  const own = new Set(
    words.flatMap(({ text }, at) =>
      isWord(words[at + 1], 'as') && isSymbol(words[at + 2], '(') && isWord(words[at + 3], 'select', 'with')
        ? [text]
        : [],
    ),
  );
  const tables = parts.filter(({ kind }) => kind === 'TableIdentifier').map((part) => part.name);
  const other = tables.find((table) => table !== from && !own.has(table));
  if (other !== undefined)
    throw refusal(name, `it reads the table ${other}; name only ${from}, whose rows are those of a window`);
  if (own.has(from) || !tables.includes(from)) throw refusal(name, `it does not read ${from}; write FROM ${from}`);
}

/** Types whose text is the same in every statement. */
const keyTypes = /^(?:LowCardinality\()?(?:Nullable\()?(?:String|FixedString\(\d+\)|U?Int\d+|Bool|IPv[46]|UUID)\)*$/;

function checkKey({ name, from, window }: WindowQuery, { columns }: SourceTable): void {
  if (window.type !== 'session') return;
  for (const key of window.key) {
    const column = columns.find((one) => one.name === key);
    if (!column) {
      const near = nearestName(
        key,
        columns.map((one) => one.name),
      );
      throw refusal(name, `its key ${key} is no column of ${from}${near === undefined ? '' : `; write ${near}`}`);
    }
    if (!keyTypes.test(column.type))
      throw refusal(name, `its key ${key} has the type ${column.type}; name a column with texts or whole numbers`);
  }
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

function refusal(name: string, cause: string): WindowRefusal {
  return new WindowRefusal(`cannot run the continuous query "${name}": ${cause}`);
}
