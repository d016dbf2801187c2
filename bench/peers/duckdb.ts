/**
 * DuckDB in a process of its own, as it is embedded into programs; prints a PeerResult. Its answers are read as the
 * columns that it has in memory, without making text or objects of them, which is in its favour.
 *
 *   npx tsx bench/peers/duckdb.ts MODULE DATABASE JSON     with { files, needles }
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loggedColumns } from '../../src/schema/requests.ts';
import { askAll, type PeerResult } from './peer-result.ts';
import { preparedColumns } from './prepared-rows.ts';
import { type Needles, sqlQuestions } from './questions.ts';

/** What is used of the package `@duckdb/node-api`. */
interface DuckDb {
  version(): string;
  readonly DuckDBInstance: { create(path: string): Promise<{ connect(): Promise<Connection> }> };
}

interface Connection {
  run(sql: string): Promise<{ fetchAllChunks(): Promise<readonly { readonly rowCount: number }[]> }>;
}

const [module = '', database = '', options = ''] = process.argv.slice(2);
const { files, needles } = JSON.parse(options) as { files: string[]; needles: Needles };
const { DuckDBInstance, version } = (await import(
  pathToFileURL(join(module, 'node_modules/@duckdb/node-api/lib/index.js')).href
)) as DuckDb;
const connection = await (await DuckDBInstance.create(':memory:')).connect();
// The newest format has more kinds of compression than the default one, which old versions can read.
await connection.run(`ATTACH '${database}' AS store (STORAGE_VERSION 'latest')`);

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const startedAt = performance.now();
const cpuBefore = cpuSeconds();
const types = preparedColumns.map((name) => `'${name}': '${typeOf(name)}'`).join(', ');
await connection.run(
  `CREATE TABLE store.requests AS
   SELECT * FROM read_csv([${files.map((file) => `'${file}'`).join(', ')}], header = true, delim = ',', quote = '"', escape = '"', nullstr = '\\N', columns = {${types}})`,
);
await connection.run('CHECKPOINT store');
const ingest = { seconds: (performance.now() - startedAt) / 1000, cpuSeconds: cpuSeconds() - cpuBefore };
const answers = await askAll(
  sqlQuestions('store.requests', needles),
  async (sql) => (await (await connection.run(sql)).fetchAllChunks()).reduce((sum, { rowCount }) => sum + rowCount, 0),
  cpuSeconds,
);
const result: PeerResult = {
  name: `DuckDB ${version().replace(/^v/, '')}`,
  ingest,
  storedBytes: (await stat(database)).size,
  answers,
};
console.log(JSON.stringify(result));

function typeOf(name: string): string {
  const type = name in loggedColumns ? loggedColumns[name as keyof typeof loggedColumns].type : '';
  const number = /UInt64|UInt32|UInt16|Float32/.exec(type)?.[0];
  if (type.startsWith('DateTime64')) return 'TIMESTAMP';
  if (name === 'is_bot') return 'BOOLEAN';
  return { UInt64: 'UBIGINT', UInt32: 'UINTEGER', UInt16: 'USMALLINT', Float32: 'FLOAT' }[number ?? ''] ?? 'VARCHAR';
}
