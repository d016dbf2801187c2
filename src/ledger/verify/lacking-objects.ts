import type { Engine } from '../../engine/engine.ts';
import type { DamagedPart } from '../../store/check-parts.ts';
import { keptTables } from '../../store/kept-tables.ts';
import { readableParams, readableRows } from './readable-rows.ts';

/** An object with fewer or more lines in a table than in the ledger. Files of one name within a batch count as one. */
export interface LackingObject {
  readonly origin: string;
  readonly table: string;
  readonly promised: number;
  readonly found: number;
}

const maxObjects = 10_000;

/** The objects of odd batches that are odd themselves, most missing lines first; at most 10,000. */
export function findLackingObjects(
  engine: Engine,
  batches: readonly string[],
  damaged: readonly DamagedPart[],
): Promise<LackingObject[]> {
  const among = 'batch IN {batches:Array(UInt64)}';
  const promises = keptTables.map(({ name, lines }) => `('${name}', toInt64(${lines}))`);
  // Rows hold the name of their object, rejects its full origin.
  const key = `if(promise.1 = 'rejects', origin, ${filenameOf('origin')})`;
  const counts = keptTables.map(
    ({ name }) => `
      SELECT batch, '${name}', ${name === 'rejects' ? 'origin' : 'filename'} AS object_key, '', 0, toInt64(1)
      FROM ${readableRows(name)} WHERE ${among}`,
  );
  return engine.rows<LackingObject>({
    sql: `
      SELECT any_origin AS origin, table_name AS table, promised, found
      FROM (
        SELECT table_name, max(object) AS any_origin, sum(most) AS promised, sum(seen) AS found
        FROM (
          SELECT batch, promise.1 AS table_name, ${key} AS object_key, origin AS object, promise.2 AS most, toInt64(0) AS seen
          FROM ledger ARRAY JOIN [${promises.join(', ')}] AS promise
          WHERE ${among}
          UNION ALL ${counts.join(' UNION ALL ')}
        )
        GROUP BY batch, table_name, object_key
        HAVING promised != found
      )
      ORDER BY promised - found DESC, origin
      LIMIT ${maxObjects}`,
    params: { batches: batches.map(BigInt), ...readableParams(damaged) },
  });
}

/** The object's name as rows hold it, which for a followed file lacks the time when it was first seen. */
function filenameOf(origin: string): string {
  return `replaceRegexpOne(arrayElement(splitByChar('/', ${origin}), -1), '[?]seen=[0-9TZ:.-]+$', '')`;
}
