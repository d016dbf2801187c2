import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { countParquetRows } from '../destinations/parquet-rows.ts';
import type { Engine } from '../engine/engine.ts';
import { hasRules, type MaskRules } from '../layouts/line-rules.ts';
import { maskedColumn } from '../layouts/mask-text.ts';
import { hourMs } from '../rollups/range.ts';
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
  { mask, signal }: { readonly mask: MaskRules; readonly signal: AbortSignal },
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
          FROM (SELECT ${selection(table, mask)} FROM ${table} WHERE toStartOfHour(time) = {hour:DateTime('UTC')}
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
      await pipeline(engine.stream(statement, { format: 'Parquet', signal }), createWriteStream(draft), { signal });
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

function selection(table: LakeTable, mask: MaskRules): string {
  if (!hasRules({ mask })) return '*';
  const masked = parquetColumns[table].flatMap(({ name }) => {
    const value = maskedColumn(mask, name, name);
    return value === name ? [] : [`${value} AS ${name}`];
  });
  return `* REPLACE (${masked.join(', ')})`;
}
