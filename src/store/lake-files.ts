import { quoteString } from '../engine/bound-parameter.ts';
import { escapeGlob } from '../engine/embedded/linked-input.ts';
import type { Engine } from '../engine/engine.ts';
import { logColumns } from '../schema/logs.ts';
import { lineColumns } from '../schema/object-place.ts';
import { type Column, requestColumns } from '../schema/requests.ts';

const tables: Readonly<Record<'requests' | 'logs', Readonly<Record<string, Column>>>> = {
  requests: requestColumns,
  logs: { ...logColumns, ...lineColumns },
};

/** The engine looks where a view reads when it is made. */
const anyQuestion = { query_cache_tag: '00000000-0000-0000-0000-000000000000' };

/**
 * Gives questions the tables `lake.requests` and `lake.logs`, which read the files of a lake where they lie, with the columns and types
 * of the stored tables. `dt` and `hour` are in the names of folders: a condition on them opens only the files of these.
 *
 * Questions have no right to what these views read, which names the files.
 * @param folder SQL of the folder of the lake, which the embedded engine may read
 */
export async function createLakeTables(engine: Engine, folder: string): Promise<void> {
  for (const database of ['lake', 'lake_files']) await engine.run({ sql: `CREATE DATABASE IF NOT EXISTS ${database}` });
  for (const [table, columns] of Object.entries(tables)) {
    const files = `concat(${folder}, ${quoteString(`/${table}/dt=*/hour=*/${table}*.parquet`)})`;
    const structure = [
      ...Object.entries(columns).map(([name, { type }]) => `${name} ${type}`),
      'dt Date',
      'hour UInt8',
    ].join(', ');
    // The table function lists the files for each question; a table with an engine would know those of its creation.
    await engine.run({
      sql: `CREATE OR REPLACE VIEW lake_files.${table} SQL SECURITY NONE
            AS SELECT * FROM file(${files}, 'Parquet', ${quoteString(structure)})`,
      settings: anyQuestion,
    });
    await engine.run({
      sql: `CREATE OR REPLACE VIEW lake.${table} SQL SECURITY NONE
            AS SELECT ${[...Object.keys(columns), 'dt', 'hour'].map((name) => `\`${name}\``).join(', ')} FROM lake_files.${table}`,
      settings: anyQuestion,
    });
  }
}

/**
 * SQL of the folder of a question to a remote lake, whose id is a setting of its session; see `lakeSettings`. Without one it fails:
 * an answer from no files would look like one.
 * @param folder of all questions
 */
export function folderOfQuestion(folder: string): string {
  return `concat(${quoteString(`${escapeGlob(folder)}/`)}, toString(toUUID(getSetting('query_cache_tag'))))`;
}
