import { availableParallelism } from 'node:os';
import type { Engine } from '../engine/engine.ts';
import { insertBlockBytes, insertBlockRows, shareMemory } from '../engine/memory-budget.ts';
import { builtByMerges } from '../store/search-indexes.ts';

/**
 * Settings of every insert. Lines are split and typed in blocks that fit the processor's caches, by one parser, which
 * takes less time and memory than several; blocks are merged into larger ones for writing. Without
 * `parallel_view_processing` an insert into a table with views runs on one thread, whatever `max_insert_threads` says.
 * The engine's own deduplication is off: plan and ledger make batches atomic (docs/decisions/0002).
 */
export const insertSettings: Readonly<Record<string, number>> = {
  max_insert_threads: Math.min(4, availableParallelism()),
  parallel_view_processing: 1,
  max_block_size: 8_192,
  input_format_parallel_parsing: 0,
  min_insert_block_size_rows: insertBlockRows(),
  // The small results of the views (tallies, new user agents) must be visible while the insert still runs.
  min_insert_block_size_rows_for_materialized_views: 1,
  min_insert_block_size_bytes_for_materialized_views: 1,
  insert_deduplicate: 0,
  max_partitions_per_insert_block: 0,
};

/**
 * Settings of an INSERT of so many bytes of lines. Planning takes most of the time of a small one, and twice as long
 * where the steps of nested queries are merged; merged, a long line needs half of the memory.
 */
export function planningSettings(lineBytes: number): Readonly<Record<string, number>> {
  return lineBytes <= smallInsertBytes ? { query_plan_merge_expressions: 0 } : {};
}

const smallInsertBytes = 4 * 1024 ** 2;

/** Indexes that merges build: an INSERT would take a twelfth longer. Older servers know no such setting. */
export function indexSettings({ kind }: Pick<Engine, 'kind'>): Readonly<Record<string, string>> {
  return kind === 'embedded' ? { exclude_materialize_skip_indexes_on_insert: builtByMerges.join() } : {};
}

/**
 * Limits of one INSERT on an embedded store. Long lines fill a block sooner, since thousands of them would not fit into
 * memory. A too long line that inspection did not find hits the limit, and the file is then read in another way
 * (odd-lines.ts).
 */
export function memoryLimit({ kind }: Engine): Readonly<Record<string, number>> {
  if (kind !== 'embedded') return {};
  return {
    max_memory_usage: Math.min(2 * 1024 ** 3, shareMemory(1).insertBytes),
    input_format_max_block_size_bytes: Math.floor(insertBlockBytes() / 6),
    min_insert_block_size_bytes: insertBlockBytes(),
  };
}
