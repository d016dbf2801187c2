import type { Engine } from '../engine/engine.ts';
import type { CompiledQuery } from './compile-query.ts';

/** A closed batch that a query has not seen, by feed. */
export interface UnfoldedBatch {
  readonly batch: string;
  readonly feed: string;
  /** In the query's table. */
  readonly rows: number;
  /** Latest event, epoch ms. */
  readonly lastMs: number;
  readonly objects: readonly number[];
}

/** A shard of a stream has a time of its own; other origins, e.g. objects of S3, are pieces of what their pipeline brings. */
const feedOf = "if(startsWith(origin, 'kinesis://'), origin, if(pipeline = '', 'ingest', pipeline))";

/**
 * The oldest closed batches after a position that are not folded, each whole.
 * @param mostRows of all together; one batch may have more
 */
export async function readUnfolded(
  engine: Engine,
  { query, version }: Pick<CompiledQuery, 'query' | 'version'>,
  { position, mostRows }: { readonly position: string; readonly mostRows: number },
): Promise<UnfoldedBatch[]> {
  const rows = query.from === 'logs' ? 'log_rows' : 'rows - log_rows';
  const found = await engine.rows<UnfoldedBatch & { before: number }>({
    sql: `
      SELECT * EXCEPT (before)
      FROM (
        SELECT *, sum(rows) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
        FROM (
          SELECT
            l.batch AS id, toString(l.batch) AS batch, ${feedOf} AS feed, sum(${rows}) AS rows,
            ifNull(max(toUnixTimestamp64Milli(last_time)), 0) AS lastMs, groupArray(object) AS objects
          FROM ledger AS l
          WHERE l.batch > {position:UInt64}
            AND l.batch NOT IN (SELECT f.batch FROM window_folds AS f WHERE f.version = {version:UInt64} AND f.batch > {position:UInt64})
          GROUP BY id, feed
          ORDER BY id
          LIMIT ${mostBatches}
        )
      )
      WHERE before < {most:UInt64}
      ORDER BY id`,
    params: { position, version, most: mostRows },
  });
  // The last batch may have other feeds beyond the limit.
  const last = found.length === mostBatches ? found.at(-1)?.batch : undefined;
  return found.filter(({ batch }) => batch !== last);
}

const mostBatches = 1000;
