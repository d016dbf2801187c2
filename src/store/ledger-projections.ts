/** SQL: number of the 19 hours in which a batch was started; see batch-id.ts. */
export function spanOf(batch: string): string {
  return `intDiv(${batch}, ${2 ** 48})`;
}

/**
 * The ledger is sorted by object, but also read by batch and as sums. Each projection answers one kind of question
 * without reading the ledger; the engine chooses it by itself. See docs/decisions/0016.
 */
export const ledgerProjections = [
  /** Which batches are closed. */
  { name: 'by_batch', sql: 'SELECT batch ORDER BY batch' },
  /** The last batch of each origin. */
  { name: 'last_batches', sql: 'SELECT origin, max(batch) GROUP BY origin' },
  /** Totals, by span of batches and by the days that retention compares. */
  {
    name: 'sums',
    sql: `
      SELECT ${spanOf('batch')}, toDate32(first_time), last_time < '2106-01-01 00:00:00', toDate32(stored_at),
             count(), max(batch), sum(rows), sum(log_rows), sum(rejected),
             sum(lines), sum(comments), sum(excluded), sum(bytes), max(stored_at)
      GROUP BY ${spanOf('batch')}, toDate32(first_time), last_time < '2106-01-01 00:00:00', toDate32(stored_at)`,
  },
] as const;

/** The engine builds them for existing parts in the background; until then it reads those parts without them. */
export const ledgerIndexes: readonly string[] = [
  'ALTER TABLE ledger ADD INDEX IF NOT EXISTS batch_range batch TYPE minmax GRANULARITY 1',
  'ALTER TABLE ledger MATERIALIZE INDEX batch_range SETTINGS mutations_sync = 0',
  ...ledgerProjections.flatMap(({ name, sql }) => [
    `ALTER TABLE ledger ADD PROJECTION IF NOT EXISTS ${name} (${sql})`,
    `ALTER TABLE ledger MATERIALIZE PROJECTION ${name} SETTINGS mutations_sync = 0`,
  ]),
];
