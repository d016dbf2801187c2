import type { Engine } from '../../engine/engine.ts';

/** An object that several batches have stored completely. */
export interface StoredTwice {
  readonly origin: string;
  readonly version: string;
  /** Oldest first. */
  readonly batches: readonly string[];
}

const maxObjects = 10_000;

/** At most 10,000. */
export function findStoredTwice(engine: Engine): Promise<StoredTwice[]> {
  return engine.rows<StoredTwice>({
    sql: `
      SELECT origin, version, arrayMap(id -> toString(id), arraySort(groupUniqArray(batch))) AS batches
      FROM ledger
      WHERE lines > 0
      GROUP BY origin, version, from_line
      HAVING min(batch) != max(batch)
      ORDER BY origin, version
      LIMIT ${maxObjects}`,
    // The ledger is sorted by object, so that groups need not be kept in memory.
    settings: { optimize_aggregation_in_order: 1 },
  });
}

/** Redundant batches, all of whose objects are in earlier ones too. */
export async function findDoubles(engine: Engine): Promise<string[]> {
  const later = (await findStoredTwice(engine)).flatMap(({ batches }) => batches.slice(1));
  if (later.length === 0) return [];
  const rows = await engine.rows<{ id: string }>({
    sql: `
      SELECT toString(l.batch) AS id
      FROM ledger AS l
      LEFT JOIN (
        SELECT origin, version, from_line, min(batch) AS first
        FROM ledger
        GROUP BY origin, version, from_line
      ) AS o ON l.origin = o.origin AND l.version = o.version AND l.from_line = o.from_line
      WHERE l.batch IN {batches:Array(UInt64)}
      GROUP BY l.batch
      HAVING countIf(o.first < l.batch OR l.lines = 0) = count()`,
    params: { batches: [...new Set(later)].map(BigInt) },
  });
  return rows.map(({ id }) => id);
}
