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

export interface UnfoldedLimits {
  readonly compiled: Pick<CompiledQuery, 'query' | 'version'>;
  /** Batches after this one. */
  readonly position: string;
  /** Of all together; one batch may have more. */
  readonly mostRows: number;
}

interface FoundBatch extends Omit<UnfoldedBatch, 'rows'> {
  readonly requests: number;
  readonly logs: number;
  /** 1-based numbers of the queries that have not seen it. */
  readonly lacking: readonly number[];
}

/** A shard of a stream has a time of its own; other origins, e.g. objects of S3, are pieces of what their pipeline brings. */
const feedOf = "if(startsWith(origin, 'kinesis://'), origin, if(pipeline = '', 'ingest', pipeline))";
const mostBatches = 1000;

/** The oldest closed batches that are not folded: of each query, in one statement. */
export async function readUnfolded(engine: Engine, queries: readonly UnfoldedLimits[]): Promise<Unfolded[]> {
  const positions = queries.map(({ position }) => BigInt(position));
  const found = await engine.rows<FoundBatch>({
    sql: `
      SELECT toString(l.id) AS batch, l.feed AS feed, l.requests AS requests, l.logs AS logs, l.firstMs AS firstMs, l.lastMs AS lastMs, l.objects AS objects,
        arrayFilter((n, version, position) -> l.id > position AND NOT has(f.versions, version),
          arrayEnumerate({versions:Array(UInt64)}), {versions:Array(UInt64)}, {positions:Array(UInt64)}) AS lacking
      FROM (
        SELECT
          batch AS id, ${feedOf} AS feed, sum(rows - log_rows) AS requests, sum(log_rows) AS logs,
          ifNull(min(toUnixTimestamp64Milli(first_time)), 0) AS firstMs, ifNull(max(toUnixTimestamp64Milli(last_time)), 0) AS lastMs, groupArray(object) AS objects
        FROM ledger
        WHERE batch > {least:UInt64}
        GROUP BY id, feed
      ) AS l
      LEFT JOIN (
        SELECT batch AS id, groupArray(version) AS versions
        FROM window_folds
        WHERE version IN {versions:Array(UInt64)} AND batch > {least:UInt64}
        GROUP BY id
      ) AS f ON l.id = f.id
      WHERE notEmpty(lacking)
      ORDER BY l.id
      LIMIT ${mostBatches}`,
    params: {
      versions: queries.map(({ compiled }) => BigInt(compiled.version)),
      positions,
      least: positions.toSorted((one, other) => (one < other ? -1 : 1))[0],
    },
    settings: { max_threads: 1 },
  });
  // The last batch may have other feeds beyond the limit.
  const isCut = found.length === mostBatches;
  const last = isCut ? found.at(-1)?.batch : undefined;
  const whole = found.filter(({ batch }) => batch !== last);
  return queries.map((query, index) => {
    const own = whole.filter(({ lacking }) => lacking.includes(index + 1));
    const batches = oldest(
      own.map((batch) => ofTable(batch, query)),
      query.mostRows,
    );
    return { batches, hasMore: isCut || batches.length < own.length };
  });
}

function ofTable({ requests, logs, lacking: _, ...batch }: FoundBatch, { compiled }: UnfoldedLimits): UnfoldedBatch {
  return { ...batch, rows: compiled.query.from === 'logs' ? logs : requests };
}

/** Until they have so many rows; the last one whole. */
function oldest(batches: readonly UnfoldedBatch[], mostRows: number): UnfoldedBatch[] {
  let rows = 0;
  let last: string | undefined;
  const taken: UnfoldedBatch[] = [];
  for (const one of batches) {
    if (rows >= mostRows && one.batch !== last) break;
    rows += one.rows;
    last = one.batch;
    taken.push(one);
  }
  return taken;
}
