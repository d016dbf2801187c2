import { availableParallelism } from 'node:os';

/**
 * Settings of every insert. Blocks of 98,304 lines keep a thread's memory near 150 MB. Without
 * `parallel_view_processing` an insert into a table with views runs on one thread, whatever `max_insert_threads` says.
 * The engine's own deduplication is off: batches are made whole by plan and ledger (docs/decisions/0002).
 */
export const insertSettings: Readonly<Record<string, number>> = {
  max_insert_threads: Math.min(4, availableParallelism()),
  parallel_view_processing: 1,
  min_insert_block_size_rows: 98_304,
  // The small results of the views (tallies, new user agents) are to be seen while the insert still runs.
  min_insert_block_size_rows_for_materialized_views: 1,
  min_insert_block_size_bytes_for_materialized_views: 1,
  insert_deduplicate: 0,
  max_partitions_per_insert_block: 0,
};
