import { opensDamaged } from './tables.ts';

/**
 * What became of each batch at each destination. A row is the destination's acknowledgement: batches that have been
 * delivered are not handed over again. Kept as long as anybody may want to look; what is older is told by the position.
 */
const shipments = `
  CREATE TABLE shipments (
    destination LowCardinality(String) COMMENT 'As in the configuration',
    batch UInt64,
    attempt UInt32 COMMENT 'The last one holds',
    state LowCardinality(String) COMMENT 'shipped; failed: will be tried again; dead: given up; skipped: closed before a new destination began',
    rows UInt64 COMMENT 'Rows that were delivered',
    refused UInt64 COMMENT 'Rows that the destination did not take',
    bytes UInt64 COMMENT 'Bytes that were delivered',
    problem String COMMENT 'Why it failed, or what is odd about it',
    at DateTime64(3, 'UTC')
  )
  ENGINE = ReplacingMergeTree(attempt)
  ORDER BY (destination, batch)
  TTL toDateTime(at) + INTERVAL 90 DAY DELETE WHERE state IN ('shipped', 'skipped')
  ${opensDamaged}`;

/** How far each destination is. Outlives its destination, which continues from there when it comes back. */
const destinationPositions = `
  CREATE TABLE destination_positions (
    destination String COMMENT 'As in the configuration',
    sequence UInt64 COMMENT 'The last one holds',
    position UInt64 COMMENT 'Every batch up to this one is done with, except for those in open',
    open Array(UInt64) COMMENT 'Earlier batches that were being stored when the position passed them',
    at DateTime64(3, 'UTC')
  )
  ENGINE = ReplacingMergeTree(sequence)
  ORDER BY destination
  ${opensDamaged}`;

export const shipmentTables: readonly string[] = [shipments, destinationPositions];
