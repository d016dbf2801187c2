import { join } from 'node:path';
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

/**
 * Gives questions the tables `lake.requests` and `lake.logs`, which read the files of a lake where they lie, with the columns and types
 * of the stored tables. `dt` and `hour` are in the names of folders: a condition on them opens only the files of these.
 *
 * Questions have no right to what these views read, which names the files.
 * @param folder of the lake, which the embedded engine may read
 */
export async function createLakeTables(engine: Engine, folder: string): Promise<void> {
  for (const database of ['lake', 'lake_files']) await engine.run({ sql: `CREATE DATABASE IF NOT EXISTS ${database}` });
  for (const [table, columns] of Object.entries(tables)) {
    const files = `${escapeGlob(join(folder, table))}/dt=*/hour=*/${table}*.parquet`;
    const structure = [
      ...Object.entries(columns).map(([name, { type }]) => `${name} ${type}`),
      'dt Date',
      'hour UInt8',
    ].join(', ');
    // The table function lists the files for each question; a table with an engine would know those of its creation.
    await engine.run({
      sql: `CREATE OR REPLACE VIEW lake_files.${table} SQL SECURITY NONE
            AS SELECT * FROM file(${quoteString(files)}, 'Parquet', ${quoteString(structure)})`,
    });
    await engine.run({
      sql: `CREATE OR REPLACE VIEW lake.${table} SQL SECURITY NONE
            AS SELECT ${[...Object.keys(columns), 'dt', 'hour'].map((name) => `\`${name}\``).join(', ')} FROM lake_files.${table}`,
    });
  }
}
