import type { Engine } from '../engine/engine.ts';
import type { CompiledQuery } from './compile-query.ts';

/** A closed batch that a query has not seen, by feed. */
export interface UnfoldedBatch {
  readonly batch: string;
  readonly feed: string;
  /** In the query's table. */
  readonly rows: number;
  /** Earliest and latest event, epoch ms. */
  readonly firstMs: number;
  readonly lastMs: number;
  readonly objects: readonly number[];
}

export interface Unfolded {
  /** The oldest ones, each whole. */
  readonly batches: readonly UnfoldedBatch[];
  /** Whether there may be others. */
  readonly hasMore: boolean;
}

/** A shard of a stream has a time of its own; other origins, e.g. objects of S3, are pieces of what their pipeline brings. */
const feedOf = "if(startsWith(origin, 'kinesis://'), origin, if(pipeline = '', 'ingest', pipeline))";

/**
 * The oldest closed batches after a position that are not folded.
 * @param mostRows of all together; one batch may have more
 */
export async function readUnfolded(
  engine: Engine,
  { query, version }: Pick<CompiledQuery, 'query' | 'version'>,
  { position, mostRows }: { readonly position: string; readonly mostRows: number },
): Promise<Unfolded> {
  const rows = query.from === 'logs' ? 'log_rows' : 'rows - log_rows';
  const found = await engine.rows<UnfoldedBatch & { before: number }>({
    sql: `
      SELECT * EXCEPT (before)
      FROM (
        SELECT *, sum(rows) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
        FROM (
          SELECT
            l.batch AS id, toString(l.batch) AS batch, ${feedOf} AS feed, sum(${rows}) AS rows,
            ifNull(min(toUnixTimestamp64Milli(first_time)), 0) AS firstMs, ifNull(max(toUnixTimestamp64Milli(last_time)), 0) AS lastMs, groupArray(object) AS objects
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
    settings: { max_threads: 1 },
  });
  // The last batch may have other feeds beyond the limit.
  const isCut = found.length === mostBatches;
  const last = isCut ? found.at(-1)?.batch : undefined;
  const batches = found.filter(({ batch }) => batch !== last);
  return { batches, hasMore: isCut || batches.reduce((sum, { rows }) => sum + rows, 0) >= mostRows };
}

const mostBatches = 1000;
