import { opensDamaged } from './tables.ts';

/** What retention has deleted, part by part, so that received = kept + deleted can be shown. */
const deletions = `
  CREATE TABLE deletions (
    run UInt64 COMMENT 'One run of retention',
    at DateTime64(3, 'UTC'),
    table_name LowCardinality(String),
    partition LowCardinality(String) COMMENT 'YYYYMMDD, of rejects YYYYMM',
    part String COMMENT 'Part of the table; empty when only the older rows of a partition were deleted',
    rule LowCardinality(String) COMMENT 'age or size',
    is_undelivered Bool COMMENT 'Whether a destination had not received all of the partition',
    rows UInt64,
    bytes UInt64 COMMENT 'On disk',
    before DateTime64(3, 'UTC') COMMENT 'All of the rows are older',
    state LowCardinality(String) COMMENT 'planned; deleted; kept: it was not deleted after all',
    sequence UInt8 COMMENT 'The last one holds'
  )
  ENGINE = ReplacingMergeTree(sequence)
  ORDER BY (run, table_name, partition, part)
  ${opensDamaged}`;

export const deletionTables: readonly string[] = [deletions];

/** Retention was a TTL of these tables, and is statements of our own now; what it deleted until then stays recorded. */
const retained = ['requests', 'logs', 'rejects'];
const lifetime = `toUInt64OrNull(extract(create_table_query, '\\\\bTTL .*?toIntervalSecond\\\\((\\\\d+)\\\\)'))`;
export const endOfLifetimes: readonly (string | readonly string[])[] = [
  ...deletionTables,
  `INSERT INTO expirations (table_name, before)
   SELECT name, now64(3) - toIntervalSecond(assumeNotNull(${lifetime}))
   FROM system.tables
   WHERE database = currentDatabase() AND name IN (${retained.map((name) => `'${name}'`).join(', ')}) AND ${lifetime} IS NOT NULL`,
  ...retained.map((name) => [
    `ALTER TABLE ${name} REMOVE TTL`,
    // Most tables have none.
    `ALTER TABLE ${name} MODIFY SETTING max_suspicious_broken_parts = 1000000`,
  ]),
];
