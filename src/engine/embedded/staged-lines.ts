import type { Input } from '../engine.ts';
import type { ChdbSession } from './chdb-session.ts';
import { inputSettings } from './linked-input.ts';

/** Below this mean size, as files lie there, their lines are gathered before anything is made of them. */
const smallFileBytes = 1024 * 1024;
const fewFiles = 8;
const table = 'staged_lines';

/**
 * The engine makes at least one block of each file, and every step costs per block: fifty lines then cost as much as
 * fifty thousand. So the lines of small files are first put into a table in memory, where they become large blocks.
 * The caller bounds how much that is, by the files that it puts into one {@link Input}.
 */
export function needsStaging({ kind, files }: Input): boolean {
  const total = files.reduce((sum, { bytes = smallFileBytes }) => sum + bytes, 0);
  return kind === 'lines' && files.length > fewFiles && total / files.length < smallFileBytes;
}

/** Gathers the lines of a source, hands over a source that reads them, and lets them go. */
export async function withStagedLines(
  session: ChdbSession,
  source: string,
  use: (source: string) => Promise<unknown>,
): Promise<void> {
  await session.execute(`DROP TEMPORARY TABLE IF EXISTS ${table}`);
  await session.execute(
    `CREATE TEMPORARY TABLE ${table} (object UInt32, line_number UInt64, line String) ENGINE = Memory`,
  );
  try {
    await session.query({
      sql: `INSERT INTO ${table} SELECT object, line_number, line FROM ${source}`,
      // Parsing one file on several threads pays from some megabytes on.
      settings: { ...inputSettings, min_insert_block_size_rows: 65_536, input_format_parallel_parsing: 0 },
    });
    await use(`(SELECT object, line_number, line FROM ${table})`);
  } finally {
    await session.execute(`DROP TEMPORARY TABLE IF EXISTS ${table}`);
  }
}
