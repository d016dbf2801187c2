import type { Engine } from '../engine/engine.ts';
import { newBatchId } from '../ledger/batch-id.ts';
import { type Rollup, rollupsByName } from '../store/rollup-tables.ts';
import { endOf, type Period, readContents } from './contents.ts';
import { dayMs } from './range.ts';
import { columnsOf, rowsBetween, sumHours, sumRows, timeOf } from './sum-rows.ts';

/** One thread, and little memory: others are served meanwhile. */
const settings = {
  max_threads: 1,
  max_insert_threads: 1,
  max_bytes_before_external_group_by: 256 * 1024 * 1024,
};

const rollups: readonly Rollup[] = Object.values(rollupsByName);

/**
 * Sums up hours of one day, and the day itself when all its hours have blocks then. A block counts from the moment at
 * which it is listed, after everything of it is stored; what a killed process leaves behind is never read.
 *
 * Rows may arrive or be taken back meanwhile. Each statement sees the table at a moment of its own, so an hour is listed
 * only if it had the same rows before and after, and each rollup counted as many. Rows that are gone never come back
 * under their batch, so as many rows are the same rows.
 * @returns hours that are not listed
 */
export async function buildHours(engine: Engine, hours: readonly Period[]): Promise<Period[]> {
  const [first, last] = [hours[0], hours.at(-1)];
  if (!first || !last) return [];
  const range = { fromMs: first.startMs, toMs: endOf(last) };
  const build = newBatchId();
  const params = {
    build: BigInt(build),
    from: new Date(range.fromMs),
    to: new Date(range.toMs),
    hours: hours.map(({ startMs }) => startMs / 1000),
  };
  const isWanted = `toUnixTimestamp(${timeOf('hour')}) IN {hours:Array(UInt32)}`;
  for (const rollup of rollups) {
    const where = `${rowsBetween(rollup, "{from:DateTime('UTC')}", "{to:DateTime('UTC')}")} AND ${isWanted}`;
    await engine.run({ sql: insertBlocks(rollup, 1, sumRows(rollup, 'hour', where)), params, settings });
  }
  const counts = await engine.rows<{ start: number; rows: number }>({
    sql: rollups
      .map(
        ({ table }) => `
      SELECT toUnixTimestamp(start) AS start, sum(rows) AS rows
      FROM ${table}
      WHERE ${builtBlocks} AND block = ${blockId('start', 1)}
      GROUP BY start`,
      )
      .join(' UNION ALL '),
    params,
  });
  const now = new Map(
    (await readContents(engine, range)).map((period) => [`${period.hours} ${period.startMs}`, period]),
  );
  const whole = hours.filter(({ startMs, rows, fingerprint }) => {
    const found = counts.filter(({ start }) => start * 1000 === startMs);
    const same = now.get(`1 ${startMs}`);
    return (
      same?.rows === rows &&
      same.fingerprint === fingerprint &&
      found.length === rollups.length &&
      found.every((count) => count.rows === rows)
    );
  });
  await listBlocks(engine, build, whole);
  return hours.filter((hour) => !whole.includes(hour));
}

/** Sums up a day from its hours, if each has a block. */
export async function buildDay(engine: Engine, startMs: number): Promise<void> {
  const periods = await readContents(engine, { fromMs: startMs, toMs: startMs + dayMs });
  const day = periods.find(({ hours }) => hours === 24);
  const hours = periods.filter((period) => period.hours === 1);
  const blocks = hours.flatMap(({ block }) => block ?? []);
  if (!day || day.block || blocks.length < hours.length) return;
  const build = newBatchId();
  for (const rollup of rollups) {
    await engine.run({
      sql: insertBlocks(rollup, 24, sumHours(rollup, `${builtBlocks} AND block IN {blocks:Array(UInt64)}`)),
      params: {
        build: BigInt(build),
        blocks: blocks.map(BigInt),
        from: new Date(startMs),
        to: new Date(startMs + dayMs),
      },
      settings,
    });
  }
  await listBlocks(engine, build, [day]);
}

const builtBlocks = "start >= {from:DateTime('UTC')} AND start < {to:DateTime('UTC')} AND hours = 1";

function insertBlocks(rollup: Rollup, hours: 1 | 24, select: string): string {
  return `
    INSERT INTO ${rollup.table} (block, hours, built_at, start, ${columnsOf(rollup).join(', ')})
    SELECT ${blockId('r_start', hours)}, ${hours}, now('UTC'), * FROM (${select})`;
}

/** A number that no other block has. */
function blockId(start: string, hours: 1 | 24): string {
  return `cityHash64({build:UInt64}, toUnixTimestamp(${start}), ${hours})`;
}

async function listBlocks(engine: Engine, build: string, periods: readonly Period[]): Promise<void> {
  const [first] = periods;
  if (!first) return;
  await engine.run({
    sql: `
      INSERT INTO rollup_blocks (start, hours, rows, fingerprint, block, built_at)
      SELECT toDateTime(period.1, 'UTC') AS at, ${first.hours}, period.2, period.3, ${blockId('at', first.hours)}, now('UTC')
      FROM (
        SELECT arrayJoin(arrayZip({starts:Array(UInt32)}, {rows:Array(UInt64)}, {fingerprints:Array(UInt64)})) AS period
      )`,
    params: {
      build: BigInt(build),
      starts: periods.map(({ startMs }) => startMs / 1000),
      rows: periods.map(({ rows }) => rows),
      fingerprints: periods.map(({ fingerprint }) => BigInt(fingerprint)),
    },
  });
}
