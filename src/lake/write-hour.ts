import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { explainFolderFault } from '../destinations/folder-fault.ts';
import { countParquetRows } from '../destinations/parquet-rows.ts';
import type { Engine } from '../engine/engine.ts';
import { hasRules, type MaskRules } from '../layouts/line-rules.ts';
import { maskedColumn, mayColumnBeMasked } from '../layouts/mask-text.ts';
import { hourMs, type Range } from '../rollups/range.ts';
import { parquetColumns, parquetList, parquetOrder, parquetSettings } from '../schema/parquet-columns.ts';
import type { LakeHour, LakeTable } from './lake-hours.ts';
import type { LakePlace } from './lake-place.ts';

/** Rows of a file: 100 to 500 MB of most logs. An hour with more has several files, each with a share of its time. */
const rowsOfFile = 8_000_000;
/** Of zstd: a higher one takes three times as long for a tenth less. */
const level = 3;
/** Rows of a group, of which readers skip those whose values are out of their range. */
const rowsOfGroup = 250_000;

/** What an hour lies in, without a slash at the end: `requests/dt=2026-11-27/hour=13`. */
export function folderOfHour(table: LakeTable, startMs: number): string {
  const [day, hour] = new Date(startMs).toISOString().split(/[T:]/);
  return `${table}/dt=${day}/hour=${hour}`;
}

/** Files of an hour that nobody sees yet, by their names. */
export type HourDrafts = ReadonlyMap<string, string>;

export interface DraftOptions {
  readonly mask: MaskRules;
  /** Columns in which there may be something to mask, see {@link columnsToMask}. */
  readonly columns: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * By hour, the columns in which there may be something to mask: the patterns of a mask take longer to compile than an hour with few
 * rows takes to write. Rows that come later are not among those that {@link draftHour} may write.
 */
export async function columnsToMask(
  engine: Engine,
  table: LakeTable,
  range: Range,
  mask: MaskRules,
): Promise<ReadonlyMap<number, readonly string[]>> {
  const searched = parquetColumns[table].flatMap(({ name }) => {
    const test = hasRules({ mask }) ? mayColumnBeMasked(mask, name) : undefined;
    return test === undefined ? [] : [{ name, test }];
  });
  if (searched.length === 0) return new Map();
  const found = await engine.rows<{ start: number; columns: string[] }>({
    sql: `
      SELECT
        toUnixTimestamp(toStartOfHour(time)) AS start,
        arrayFilter((name, isFound) -> isFound, {names:Array(String)}, [${searched.map(({ test }) => `max(${test})`).join(', ')}]) AS columns
      FROM ${table}
      WHERE time >= {from:DateTime64(3, 'UTC')} AND time < {to:DateTime64(3, 'UTC')}
      GROUP BY start`,
    params: {
      names: searched.map(({ name }) => name),
      ...{ from: new Date(range.fromMs), to: new Date(range.toMs) },
    },
  });
  return new Map(found.map(({ start, columns }) => [start * 1000, columns]));
}

/**
 * Writes the rows that an hour has now to drafts, which the caller publishes or removes.
 * @returns undefined if these are not as many rows as were counted: the table has changed meanwhile
 * @throws EngineError; Error with a remedy when a draft cannot be written
 */
export async function draftHour(
  engine: Engine,
  place: LakePlace,
  table: LakeTable,
  { startMs, rows }: LakeHour,
  { mask, columns, signal }: DraftOptions,
): Promise<HourDrafts | undefined> {
  const count = Math.max(1, Math.ceil(rows / rowsOfFile));
  const drafts = new Map<string, string>();
  let written = 0;
  try {
    for (let index = 0; index < count; index++) {
      const suffix = count === 1 ? '' : `-${index + 1}-of-${count}`;
      const draft = place.draft();
      drafts.set(`${folderOfHour(table, startMs)}/${table}${suffix}.parquet`, draft);
      const cut = (share: number) => new Date(startMs + Math.round((hourMs * share) / count));
      const statement = {
        sql: `
          SELECT ${parquetList(table)}
          FROM (SELECT ${selection(mask, columns)} FROM ${table} WHERE toStartOfHour(time) = {hour:DateTime('UTC')}
            AND time >= {from:DateTime64(3, 'UTC')} AND time < {to:DateTime64(3, 'UTC')})
          ORDER BY ${parquetOrder[table]}`,
        params: { hour: new Date(startMs), from: cut(index), to: cut(index + 1) },
        settings: {
          ...parquetSettings,
          output_format_compression_level: level,
          output_format_parquet_row_group_size: rowsOfGroup,
          max_threads: 1,
        },
      };
      const bytes = engine.stream(statement, { format: 'Parquet', signal });
      await pipeline(bytes, createWriteStream(draft), { signal }).catch((cause) => {
        throw explainFolderFault(dirname(draft), cause);
      });
      written += await countParquetRows(draft);
    }
  } catch (cause) {
    await dropDrafts(drafts);
    throw cause;
  }
  if (written === rows) return drafts;
  await dropDrafts(drafts);
  return undefined;
}

export async function dropDrafts(drafts: HourDrafts): Promise<void> {
  for (const draft of drafts.values()) await rm(draft, { force: true });
}

export async function sizeOf(drafts: HourDrafts): Promise<number> {
  let bytes = 0;
  for (const draft of drafts.values()) bytes += (await stat(draft)).size;
  return bytes;
}

function selection(mask: MaskRules, columns: readonly string[]): string {
  if (columns.length === 0) return '*';
  return `* REPLACE (${columns.map((name) => `${maskedColumn(mask, name, name)} AS ${name}`).join(', ')})`;
}
