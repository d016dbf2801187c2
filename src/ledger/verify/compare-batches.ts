import type { Engine } from '../../engine/engine.ts';
import type { DamagedPart } from '../../store/check-parts.ts';
import { keptParams, keptTables } from '../../store/kept-tables.ts';
import type { BatchRange } from '../../store/ledger-mark.ts';
import { spanOf } from '../../store/ledger-projections.ts';
import { readWholeSince, type WholeSince } from '../../store/retention.ts';
import { readableParams, readableRows } from './readable-rows.ts';

/** A batch with more or fewer lines in a table than the ledger says. */
export interface OddBatch {
  readonly batch: string;
  readonly table: keyof WholeSince;
  /** Lines of all its objects; and of those that retention cannot have deleted from. */
  readonly promised: number;
  readonly certain: number;
  readonly found: number;
  /** Whether the ledger has the batch; if not, nothing else is known about it. */
  readonly isClosed: boolean;
}

/** Limit of one pass; the next pass finds the others. */
export const maxOddBatches = 20_000;

/**
 * Compares ledger and tables batch by batch. Leaves out planned batches that are not closed, and what retention may
 * have deleted.
 * @param damaged rows of parts that cannot be read are not counted
 * @returns at most {@link maxOddBatches}, oldest first
 */
export async function compareBatches(engine: Engine, damaged: readonly DamagedPart[]): Promise<OddBatch[]> {
  const spans = await findOddSpans(engine, damaged);
  if (spans.length === 0) return [];
  const odd = await compare(engine, damaged, { sql: `${spanOf('batch')} IN {spans:Array(UInt64)}`, params: { spans } });
  // Changes by other workers during the first comparison may look odd; the second rules them out.
  if (engine.kind === 'embedded' || odd.length === 0) return odd;
  const batches = [...new Set(odd.map(({ batch }) => BigInt(batch)))];
  return compare(engine, damaged, { sql: 'batch IN {batches:Array(UInt64)}', params: { batches } });
}

/**
 * Spans of batches (see `spanOf`) in which ledger and tables may differ, so that only these are compared batch by batch.
 * Each line counts as the hash of its batch: surplus lines of one batch do not make up for missing ones of another.
 */
async function findOddSpans(engine: Engine, damaged: readonly DamagedPart[]): Promise<bigint[]> {
  const span = `${spanOf('batch')} AS span`;
  const hash = 'cityHash64(batch)';
  const promises = keptTables.map(({ name, lines, isWhole }) => `('${name}', toInt64(${lines}), ${isWhole})`);
  const counts = keptTables.map(
    ({ name }) => `
      SELECT ${span}, '${name}' AS table_name, 0 AS promised, 0 AS certain, sum(${hash}) AS found, count() AS rows
      FROM ${readableRows(name)}
      GROUP BY span`,
  );
  const rows = await engine.rows<{ id: string }>({
    sql: `
      SELECT DISTINCT toString(span) AS id
      FROM (
        SELECT
          ${span}, promise.1 AS table_name, sum(${hash} * toUInt64(promise.2)) AS promised,
          sum(if(promise.3, abs(promise.2), 0)) AS certain, 0 AS found, 0 AS rows
        FROM ledger ARRAY JOIN [${promises.join(', ')}] AS promise
        GROUP BY span, table_name
        UNION ALL
        SELECT ${span}, toString(table_name), sum(${hash} * toUInt64(lines)), sum(abs(lines)), 0, 0
        FROM corrections
        GROUP BY span, table_name
        UNION ALL ${counts.join(' UNION ALL ')}
      )
      GROUP BY span, table_name
      -- Without rows and certain lines, retention has deleted all of them.
      HAVING sum(promised) != sum(found) AND (sum(certain) > 0 OR sum(rows) > 0)`,
    params: { ...keptParams(await readWholeSince(engine)), ...readableParams(damaged) },
  });
  return rows.map(({ id }) => BigInt(id));
}

async function compare(
  engine: Engine,
  damaged: readonly DamagedPart[],
  { sql: isAmong, params }: BatchRange,
): Promise<OddBatch[]> {
  const among = `WHERE ${isAmong}`;
  const promises = keptTables.map(({ name, lines, isWhole }) => `('${name}', toInt64(${lines}), ${isWhole})`);
  const names = keptTables.map(({ name }) => `'${name}'`);
  const counts = keptTables.map(
    ({ name }) => `
      SELECT batch, '${name}', 0, 0, toInt64(count()), false, false
      FROM ${readableRows(name)} ${among}
      GROUP BY batch`,
  );
  const rows = await engine.rows<Omit<OddBatch, 'isClosed'> & { isClosed: number }>({
    sql: `
      SELECT
        toString(batch) AS batch, table_name AS table, sum(most) AS promised, sum(least) AS certain, sum(seen) AS found, max(closed) AS isClosed
      FROM (
        SELECT
          batch, promise.1 AS table_name, promise.2 AS most, if(promise.3, most, 0) AS least, toInt64(0) AS seen,
          true AS closed, false AS planned
        FROM ledger ARRAY JOIN [${promises.join(', ')}] AS promise ${among}
        UNION ALL
        SELECT batch, table_name, 0, 0, 0, false, true FROM plans ARRAY JOIN [${names.join(', ')}] AS table_name ${among}
        UNION ALL
        SELECT batch, table_name, lines, lines, 0, false, false FROM corrections ${among}
        UNION ALL ${counts.join(' UNION ALL ')}
      )
      GROUP BY batch, table_name
      HAVING (found < certain OR found > promised) AND (max(closed) OR NOT max(planned))
      ORDER BY batch, table
      LIMIT ${maxOddBatches}`,
    params: {
      ...keptParams(await readWholeSince(engine)),
      ...readableParams(damaged),
      ...params,
    },
    // Many groups spill to disk.
    settings: { max_bytes_before_external_group_by: 256 * 1024 * 1024 },
  });
  return rows.map((row) => ({ ...row, isClosed: Boolean(row.isClosed) }));
}
