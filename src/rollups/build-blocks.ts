import type { Engine, Statement } from '../engine/engine.ts';
import { newBatchId } from '../ledger/batch-id.ts';
import { columnsOf, type Rollup, rollupsByName, sumBlocks } from '../store/rollup-tables.ts';
import { endOf, type Period, readContents } from './contents.ts';
import { dayMs, type Range } from './range.ts';
import { listMost, rowsBetween, sumRows, timeOf } from './sum-rows.ts';

/** One thread, and little memory: others are served meanwhile. */
const settings = {
  max_threads: 1,
  max_insert_threads: 1,
  max_bytes_before_external_group_by: 256 * 1024 * 1024,
};

const rollups: readonly Rollup[] = Object.values(rollupsByName);

/** Sums by viewer are left out when they would have this share of the rows: reading them would gain nothing. */
const mostOfRows = 0.25;
/** So many are always kept: an hour with few rows. */
const alwaysKept = 2000;

/**
 * Sums up hours of one day. A block counts from the moment at which it is listed, after everything of it is stored; what a
 * killed process leaves behind is never read.
 *
 * Rows may arrive or be taken back meanwhile. Each statement sees the table at a moment of its own, so a block is listed
 * only if its period had the same rows before and after, and each rollup counted as many. Rows that are gone never come
 * back under their batch, so as many rows are the same rows.
 * @returns hours that are not listed
 */
export async function buildHours(engine: Engine, hours: readonly Period[]): Promise<Period[]> {
  const [first, last] = [hours[0], hours.at(-1)];
  if (!first || !last) return [];
  const build = beginBuild({ fromMs: first.startMs, toMs: endOf(last) }, hours);
  const lacking = await findVaried(engine, build);
  for (const rollup of rollups) {
    const finer: Rollup | undefined = rollup.from && rollupsByName[rollup.from];
    const isThere = ({ isOptional }: Rollup, startMs: number) => !isOptional || !lacking.has(startMs);
    const starts = hours.map(({ startMs }) => startMs);
    const ofFiner = starts.filter((startMs) => finer && isThere(finer, startMs));
    const ofRows = starts.filter((startMs) => isThere(rollup, startMs) && !ofFiner.includes(startMs));
    if (finer && ofFiner.length > 0) await engine.run(fromFiner(build, rollup, finer, ofFiner));
    if (ofRows.length > 0) await engine.run(fromRows(build, rollup, 1, ofRows));
  }
  return listWhole(engine, build, lacking);
}

/** Sums up a day, if each of its hours has a block. */
export async function buildDay(engine: Engine, startMs: number): Promise<void> {
  const range = { fromMs: startMs, toMs: startMs + dayMs };
  const periods = await readContents(engine, range);
  const day = periods.find(({ hours }) => hours === 24);
  const hours = periods.filter((period) => period.hours === 1);
  const blocks = hours.flatMap(({ block }) => block ?? []);
  if (!day || day.block || blocks.length < hours.length) return;
  const build = beginBuild(range, [day]);
  const lacking = new Set(hours.some(({ lacksClients }) => lacksClients) ? [startMs] : []);
  const isOfHours =
    "start >= {from:DateTime('UTC')} AND start < {to:DateTime('UTC')} AND block IN {blocks:Array(UInt64)}";
  for (const rollup of rollups) {
    if (rollup.isOptional && lacking.has(startMs)) continue;
    await engine.run(
      // Cut lists do not sum up.
      rollup.most === undefined
        ? {
            sql: insertBlocks(rollup, 24, sumBlocks(rollup, rollup, 'toStartOfDay(start) AS r_start', isOfHours)),
            params: { ...build.params, blocks: blocks.map(BigInt) },
            settings,
          }
        : fromRows(build, rollup, 24, [startMs]),
    );
  }
  await listWhole(engine, build, lacking);
}

/** Hours, or one day, that are being summed up. */
interface Build {
  readonly range: Range;
  readonly periods: readonly Period[];
  readonly params: Readonly<Record<string, unknown>>;
}

function beginBuild(range: Range, periods: readonly Period[]): Build {
  const params = {
    build: BigInt(newBatchId()),
    from: new Date(range.fromMs),
    to: new Date(range.toMs),
  };
  return { range, periods, params };
}

/** Hours with so many different addresses and hosts that {@link mostOfRows} is exceeded, epoch ms; about, for it decides no answer. */
async function findVaried(engine: Engine, { params, periods }: Build): Promise<ReadonlySet<number>> {
  const varied = await engine.rows<{ start: number }>({
    sql: `
      SELECT toUnixTimestamp(toStartOfHour(time)) AS start
      FROM requests
      WHERE ${rowsBetween(rollupsByName.clients, "{from:DateTime('UTC')}", "{to:DateTime('UTC')}")}
      GROUP BY start
      HAVING uniqCombined(client_ip, host) > greatest({kept:UInt32}, {most:Float64} * count())`,
    params: { ...params, kept: alwaysKept, most: mostOfRows },
    settings: { max_threads: 1 },
  });
  const found = new Set(varied.map(({ start }) => start * 1000));
  return new Set(periods.map(({ startMs }) => startMs).filter((startMs) => found.has(startMs)));
}

function fromRows({ params }: Build, rollup: Rollup, hours: Period['hours'], starts: readonly number[]): Statement {
  const unit = hours === 1 ? 'hour' : 'day';
  const between = rowsBetween(rollup, "{from:DateTime('UTC')}", "{to:DateTime('UTC')}");
  const sums = sumRows(rollup, unit, `${between} AND toUnixTimestamp(${timeOf(unit)}) IN {starts:Array(UInt32)}`);
  const select = rollup.most === undefined ? sums : listMost(rollup, rollup.most, sums);
  return {
    sql: insertBlocks(rollup, hours, select),
    params: { ...params, starts: starts.map((startMs) => startMs / 1000) },
    settings,
  };
}

/** Hours, from those of a finer rollup that this build has stored. */
function fromFiner({ params }: Build, rollup: Rollup, finer: Rollup, starts: readonly number[]): Statement {
  const isOfBuild = `
    start >= {from:DateTime('UTC')} AND start < {to:DateTime('UTC')} AND toUnixTimestamp(start) IN {starts:Array(UInt32)}
    AND block = ${blockId('start', 1)}`;
  return {
    sql: insertBlocks(rollup, 1, sumBlocks(rollup, finer, 'start AS r_start', isOfBuild)),
    params: { ...params, starts: starts.map((startMs) => startMs / 1000) },
    settings,
  };
}

function insertBlocks(rollup: Rollup, hours: Period['hours'], select: string): string {
  return `
    INSERT INTO ${rollup.table} (block, hours, built_at, start, ${columnsOf(rollup).join(', ')})
    SELECT ${blockId('r_start', hours)}, ${hours}, now('UTC'), * FROM (${select})`;
}

/** A number that no other block has. */
function blockId(start: string, hours: Period['hours']): string {
  return `cityHash64({build:UInt64}, toUnixTimestamp(${start}), ${hours})`;
}

/** @param lacking starts of periods without clients; @returns periods that are not listed */
async function listWhole(
  engine: Engine,
  { range, periods, params }: Build,
  lacking: ReadonlySet<number>,
): Promise<Period[]> {
  const hours = periods[0]?.hours ?? 1;
  const counts = await engine.rows<{ start: number; rows: number }>({
    sql: rollups
      .map(
        ({ table }) => `
          SELECT toUnixTimestamp(start) AS start, sum(rows) AS rows
          FROM ${table}
          WHERE start >= {from:DateTime('UTC')} AND start < {to:DateTime('UTC')} AND block = ${blockId('start', hours)}
          GROUP BY start`,
      )
      .join(' UNION ALL '),
    params,
  });
  const now = (await readContents(engine, range)).filter((period) => period.hours === hours);
  const whole = periods.filter(({ startMs, rows, fingerprint }) => {
    const found = counts.filter(({ start }) => start * 1000 === startMs);
    const same = now.find((period) => period.startMs === startMs);
    return (
      same?.rows === rows &&
      same.fingerprint === fingerprint &&
      found.length === rollups.filter(({ isOptional }) => !isOptional || !lacking.has(startMs)).length &&
      found.every((count) => count.rows === rows)
    );
  });
  for (const isLacking of [false, true]) {
    const some = whole.filter(({ startMs }) => lacking.has(startMs) === isLacking);
    await listBlocks(engine, params.build, some, isLacking);
  }
  return periods.filter((period) => !whole.includes(period));
}

async function listBlocks(
  engine: Engine,
  build: unknown,
  periods: readonly Period[],
  isLacking: boolean,
): Promise<void> {
  if (periods.length === 0) return;
  const hours = periods[0]?.hours ?? 1;
  await engine.run({
    sql: `
      INSERT INTO rollup_blocks (start, hours, rows, fingerprint, block, built_at, lacks_clients)
      SELECT
        toDateTime(period.1, 'UTC') AS at, ${hours}, period.2, period.3, ${blockId('at', hours)}, now('UTC'), {lacks:Bool}
      FROM (
        SELECT arrayJoin(arrayZip({starts:Array(UInt32)}, {rows:Array(UInt64)}, {fingerprints:Array(UInt64)})) AS period
      )`,
    params: {
      build,
      lacks: isLacking,
      starts: periods.map(({ startMs }) => startMs / 1000),
      rows: periods.map(({ rows }) => rows),
      fingerprints: periods.map(({ fingerprint }) => BigInt(fingerprint)),
    },
  });
}
