/** Who plans what, where several processes store into the same tables. */
export const workerStatements: readonly string[] = [
  `ALTER TABLE plans
     ADD COLUMN IF NOT EXISTS worker String COMMENT 'The process that stores the batch',
     ADD COLUMN IF NOT EXISTS is_leased Bool COMMENT 'Whether its end is decided by who holds the origin''s lease',
     ADD COLUMN IF NOT EXISTS pipeline LowCardinality(String) COMMENT 'As in the configuration; empty for tailrace ingest'`,
  `ALTER TABLE ledger
     ADD COLUMN IF NOT EXISTS pipeline LowCardinality(String) COMMENT 'As in the configuration; empty for tailrace ingest'`,
  `CREATE TABLE workers (
     worker String COMMENT 'Random name of a process',
     seen_at DateTime64(3, 'UTC') COMMENT 'When it last said that it lives'
   )
   ENGINE = ReplacingMergeTree(seen_at)
   ORDER BY worker
   TTL toDateTime(seen_at) + INTERVAL 1 DAY`,
];
