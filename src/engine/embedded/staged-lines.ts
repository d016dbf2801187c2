import type { Input } from '../engine.ts';
import { formatAssignments } from '../statement-settings.ts';
import type { Job } from './engine-messages.ts';
import { inputSettings } from './linked-input.ts';

/** Below this mean size on disk, the lines of files are gathered before they are processed. */
const smallFileBytes = 1024 * 1024;
const fewFiles = 8;
const table = 'staged_lines';

/** The FROM clause of a statement over staged lines. */
export const stagedSource = `(SELECT object, line_number, line FROM ${table})`;

/**
 * The engine makes at least one block per file, and every step costs per block: fifty lines then cost as much as
 * fifty thousand. So the lines of small files are first inserted into a table in memory, where they form large blocks.
 * The caller bounds the amount by the files that it puts into one {@link Input}.
 */
export function needsStaging({ kind, files }: Input): boolean {
  const total = files.reduce((sum, { bytes = smallFileBytes }) => sum + bytes, 0);
  return kind === 'lines' && files.length > fewFiles && total / files.length < smallFileBytes;
}

/** Parsing one file on several threads pays off from some megabytes on. */
const gathering = { ...inputSettings, min_insert_block_size_rows: 65_536, input_format_parallel_parsing: 0 };

/** The job with its lines gathered first. The table belongs to the session and is dropped with it after a failure. */
export function stageLines(job: Job, source: string): Job {
  const drop = `DROP TEMPORARY TABLE IF EXISTS ${table}`;
  return {
    ...job,
    before: [
      drop,
      `CREATE TEMPORARY TABLE ${table} (object UInt32, line_number UInt64, line String) ENGINE = Memory`,
      `INSERT INTO ${table} SELECT object, line_number, line FROM ${source} SETTINGS ${formatAssignments(gathering).join(', ')}`,
      ...(job.before ?? []),
    ],
    after: [drop, ...(job.after ?? [])],
  };
}
