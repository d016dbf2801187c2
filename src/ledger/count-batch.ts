import type { Engine } from '../engine/engine.ts';
import type { Books } from './books.ts';
import { repeatedTexts } from './repeated-texts.ts';

/** What was received of one object of a batch, compared with what the object states about itself. */
export interface ObjectCount extends Books {
  /** 1-based number of the object within the batch. */
  readonly object: number;
  /** Bytes of its lines, including a newline each. */
  readonly contentBytes: number;
  /** Whether it states a different size than was read; gzip states it modulo 2^32. */
  readonly isOtherSize: boolean;
  /** Whether one of its `#Fields` lines names other columns than its layout. */
  readonly hasOtherColumns: boolean;
}

/** What was received of a batch by object, and what the tables actually hold of it. */
export interface BatchCount {
  readonly objects: readonly ObjectCount[];
  readonly storedRows: number;
  readonly storedRejects: number;
  /** Rows of `logs` with the time of their arrival. */
  readonly untimedRows: number;
}

/** @param headers by object: the columns that its `#Fields` lines may name, or `null` when they are not checked */
export async function countBatch(
  engine: Engine,
  batch: string,
  headers: readonly (string | null)[],
): Promise<BatchCount> {
  const { texts, places } = repeatedTexts(headers);
  const rows = await engine.rows<ObjectCount & Omit<BatchCount, 'objects'>>({
    sql: `
      WITH (SELECT (count(), countIf(time_from = 'arrival')) FROM logs WHERE batch = {batch:UInt64}) AS stored_logs
      SELECT
        p.object AS object, t.lines AS lines, t.comments AS comments, t.rejected AS rejected, t.excluded AS excluded,
        lines - comments - rejected - excluded AS rows, t.content_bytes AS contentBytes,
        -- A last line without a newline counts one byte more.
        p.stated_bytes >= 0 AND bitAnd(toInt64(contentBytes) - p.stated_bytes, 4294967295) NOT IN (0, 1) AS isOtherSize,
        isNotNull({headers:Array(Nullable(String))}[{header_of:Array(UInt32)}[object]] AS header)
          AND arrayExists(found -> found != cityHash64(assumeNotNull(header)), t.headers) AS hasOtherColumns,
        (SELECT count() FROM requests WHERE batch = {batch:UInt64}) + stored_logs.1 AS storedRows,
        stored_logs.2 AS untimedRows,
        (SELECT count() FROM rejects WHERE batch = {batch:UInt64}) AS storedRejects
      FROM plans AS p LEFT JOIN (${talliesOf('[{batch:UInt64}]')}) AS t ON p.object = t.object
      WHERE p.batch = {batch:UInt64}
      ORDER BY object`,
    params: { batch, headers: texts, header_of: places },
  });
  const { storedRows = 0, storedRejects = 0, untimedRows = 0 } = rows[0] ?? {};
  return { objects: rows, storedRows, storedRejects, untimedRows };
}

/** 1-based numbers of the objects with lines rejected for this reason. */
export async function objectsWithReject(engine: Engine, batch: string, reason: string): Promise<number[]> {
  const rows = await engine.rows<{ object: number }>({
    sql: `
      SELECT object
      FROM plans
      WHERE batch = {batch:UInt64}
        AND origin IN (SELECT origin FROM rejects WHERE batch = {batch:UInt64} AND reason = {reason:String})
      ORDER BY object`,
    params: { batch, reason },
  });
  return rows.map(({ object }) => object);
}

/** SQL: what was counted of each object of these batches. @param batches SQL of an array of their ids */
export function talliesOf(batches: string): string {
  return `
  SELECT
    batch, object, sum(lines) AS lines, sum(log_rows) AS log_rows, sum(content_bytes) AS content_bytes,
    sum(comments) AS comments, sum(rejected) AS rejected, sum(excluded) AS excluded, min(first_time) AS first_time, max(last_time) AS last_time,
    groupUniqArrayArray(headers) AS headers
  FROM tallies
  WHERE batch IN ${batches}
  GROUP BY batch, object`;
}
