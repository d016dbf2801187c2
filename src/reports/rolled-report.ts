import type { Statement } from '../engine/engine.ts';
import type { Period } from '../rollups/contents.ts';
import { coverRange } from '../rollups/cover-range.ts';
import type { ReadPeriods } from '../rollups/period-reader.ts';
import { dayMs, hourMs } from '../rollups/range.ts';
import { rowsBetween, sumRows } from '../rollups/sum-rows.ts';
import { columnsOf, type Rollup, type RollupName, rollupsByName } from '../store/rollup-tables.ts';
import { edgePlace } from '../store/tables.ts';
import { type FilteredReport, filterReport, isOfWholeMinutes, type Report, type ReportParameters } from './report.ts';
import { parseSqlTime } from './report-window.ts';
import {
  bytesSum,
  cacheableSum,
  errorsSum,
  hitsSum,
  lateCount,
  requestsSum,
  sampledCount,
  storedCount,
  ttfbQuantiles,
  viewersCount,
} from './scaled-sums.ts';

/** The measures of reports over rows, and the same over a rollup. */
const measures: readonly (readonly [ofRows: string, ofRollup: string])[] = [
  [requestsSum, 'sum(weight)'],
  [bytesSum, 'sum(weighted_bytes)'],
  [errorsSum, 'sum(error_weight)'],
  [hitsSum, 'sum(hit_weight)'],
  [cacheableSum, 'sum(cacheable_weight)'],
  [viewersCount, 'uniqCombinedMerge(addresses)'],
  [ttfbQuantiles, ttfbQuantiles.replace('quantilesTDigest', 'quantilesTDigestMerge')],
  [storedCount, 'sum(rows)'],
  [lateCount, 'sum(late_rows)'],
  [sampledCount, 'sum(sampled_rows)'],
  ['min(time)', 'min(first_time)'],
  ['max(time)', 'max(last_time)'],
];

/** With more rows left to read, the report over rows is as good. */
const mostLeft = 0.5;
/** Each is one more condition on the rows. */
const mostGaps = 20;

/**
 * The report's SELECT with rollups in place of `requests`, and with rows only where no block fits; it answers the same.
 * @param readPeriods the hours and days of a range
 * @returns undefined when the report must read rows. When the answer has `is_certain` and it is 0, so must it.
 */
export async function rollUp(
  report: Report,
  parameters: ReportParameters,
  readPeriods: ReadPeriods,
): Promise<Statement | undefined> {
  const [fromMs, toMs] = [parseSqlTime(parameters.from) ?? 0, parseSqlTime(parameters.to) ?? 0];
  const isBucketed = report.sql.includes('{step:');
  const stepMs = parameters.step * 1000;
  if (!isOfWholeMinutes(parameters)) return undefined;
  if (toMs - fromMs < 2 * hourMs || (isBucketed && stepMs % hourMs !== 0)) return undefined;
  const filtered = filterReport(report, parameters);
  // A cut list has the first values by requests alone.
  const isFirst = parameters.sort === undefined && parameters.offset === undefined;
  const rollups = report.rollups.map((name, index) =>
    [report.rollupsOfAll?.[index] ?? name, name].find((one) => canFilter(rollupsByName[one], filtered, isFirst)),
  );
  if (rollups.every((name) => name === undefined)) return undefined;
  const cut = rollups.some((name) => name !== undefined && isCut(rollupsByName[name]));
  const ranges = [{ fromMs, toMs }];
  if (report.sql.includes('previous_from')) ranges.unshift({ fromMs: 2 * fromMs - toMs, toMs: fromMs });
  const whole = { fromMs: ranges[0]?.fromMs ?? fromMs, toMs };
  const periods = (await readPeriods(whole)).map((period) =>
    period.lacksClients && rollups.includes('clients') ? withoutBlock(period) : period,
  );
  // A block lies within one bucket.
  const longest = isBucketed && stepMs % dayMs !== 0 ? 1 : 24;
  const covers = ranges.map((range) => coverRange(range, periods, longest));
  const gaps = covers.flatMap((cover) => cover.gaps);
  const rows = covers.reduce((sum, cover) => sum + cover.rows, 0);
  const left = covers.reduce((sum, cover) => sum + cover.left, 0);
  if (rows === 0 || left > mostLeft * rows || gaps.length > mostGaps) return undefined;
  const sql = replaceRows(filtered.sql, rollups, gaps.length);
  const blocks = new Set(covers.flatMap((cover) => cover.blocks));
  return {
    sql: cut ? tellCertainty(sql) : sql,
    params: {
      ...parameters,
      ...filtered.filterValues,
      blocks: [...blocks].map(BigInt),
      // By which the table is sorted: without it, days could not be read without looking at their hours.
      blocks_hours: [...new Set(periods.filter(({ block = '' }) => blocks.has(block)).map(({ hours }) => hours))],
      blocks_from: new Date(whole.fromMs),
      blocks_to: new Date(whole.toMs),
      ...Object.fromEntries(
        gaps.flatMap((gap, index) => [
          [`gap_${index}_from`, new Date(gap.fromMs)],
          [`gap_${index}_to`, new Date(gap.toMs)],
        ]),
      ),
    },
  };
}

function withoutBlock({ block: _, ...period }: Period): Period {
  return period;
}

/** Whether the rollup has what the filter asks for. Cut lists are of all requests. */
function canFilter(rollup: Rollup, { filterColumns }: FilteredReport, isFirst: boolean): boolean {
  if (isCut(rollup)) return isFirst && filterColumns.length === 0;
  return filterColumns.every((name) => rollup.keys[name] !== undefined && !rollup.keys[name].isCoarse);
}

/** @param rollups for each `FROM requests`; undefined where rows must be read */
function replaceRows(sql: string, rollups: readonly (RollupName | undefined)[], gaps: number): string {
  const parts = sql.split('FROM requests');
  return parts
    .map((part, index) => {
      const name = rollups[index];
      if (index === parts.length - 1) return part;
      if (name === undefined) return `${part}FROM requests`;
      const measured = measures.reduce((text, [ofRows, ofRollup]) => text.replaceAll(ofRows, ofRollup), part);
      return `${measured}FROM (${sourceOf(onlyUsed(rollupsByName[name], sql), gaps)}) AS requests`;
    })
    .join('');
}

function isCut({ most }: Rollup): boolean {
  return most !== undefined;
}

/**
 * Adds the column `is_certain` to a top list of `requests` that was summed up from cut lists. A value may be missing in
 * some lists, where it weighs at most what these state as `unlisted`. The answer is that over rows if none of its values
 * is missing anywhere, and if no other value can weigh as much as its last one. A request weighs at least 1, so half a
 * request tells zero from rounded sums.
 */
function tellCertainty(sql: string): string {
  const list = sql
    .replace('\nFROM (', ',\n  sum(unlisted) AS known,\n  sumIf(unlisted, rows != 0) AS stated\nFROM (')
    .replace('\nLIMIT {limit:UInt32}', '');
  const last = 'minIf(requests, place <= {limit:UInt32}) OVER ()';
  return `
    SELECT
      * EXCEPT (known, stated, place, missing),
      countIf(place <= {limit:UInt32} AND missing >= 0.5) OVER () = 0
        AND maxIf(requests + missing + 1, place > {limit:UInt32} AND missing >= 0.5) OVER () < ${last}
        AND (sum(stated) OVER () < 0.5
          OR (count() OVER () >= {limit:UInt32} AND sum(stated) OVER () + 1 < ${last})) AS is_certain
    FROM (
      SELECT *, row_number() OVER (ORDER BY requests DESC, path) AS place, sum(stated) OVER () - known AS missing
      FROM (${list})
    )
    ORDER BY place
    LIMIT {limit:UInt32}`;
}

/** A rollup without the keys that a report does not name, so that its rows are grouped no finer than needed. */
function onlyUsed(rollup: Rollup, sql: string): Rollup {
  return { ...rollup, keys: Object.fromEntries(Object.entries(rollup.keys).filter(([name]) => sql.includes(name))) };
}

function sourceOf(rollup: Rollup, gaps: number): string {
  const columns = columnsOf(rollup);
  const blocks = `
    SELECT start AS time, ${columns.join(', ')}
    FROM ${rollup.table}
    WHERE hours IN {blocks_hours:Array(UInt8)} AND start >= {blocks_from:DateTime('UTC')} AND start < {blocks_to:DateTime('UTC')}
      AND block IN {blocks:Array(UInt64)}`;
  const where = Array.from(
    { length: gaps },
    (_, index) =>
      `(${rowsBetween(rollup, `{gap_${index}_from:DateTime('UTC')}`, `{gap_${index}_to:DateTime('UTC')}`)})`,
  ).join(' OR ');
  const all = gaps === 0 ? blocks : `${blocks} UNION ALL ${sumRows(rollup, 'minute', `(${where})`)}`;
  if (!columns.includes('edge_location')) return all;
  return `SELECT *, ${edgePlace('city')} AS edge_city, ${edgePlace('country_code')} AS edge_country FROM (${all})`;
}
