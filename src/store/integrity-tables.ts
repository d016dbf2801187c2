import { opensDamaged } from './tables.ts';

/** Records that distinguish damage from intended deletions; see `find-damage.ts`. */
export const integrityTables: readonly string[] = [
  `CREATE TABLE ledger_marks (
     sequence UInt64,
     batch UInt64 COMMENT 'The greatest in the ledger at that time',
     objects UInt64 COMMENT 'Rows that the ledger had; it only grows',
     settled UInt64 COMMENT 'No batch up to this one is planned any more',
     open Array(UInt64) COMMENT 'Batches up to settled that were planned and not closed'
   )
   ENGINE = ReplacingMergeTree(sequence)
   ORDER BY tuple()
   ${opensDamaged}`,
  `CREATE TABLE corrections (
     at DateTime64(3, 'UTC'),
     batch UInt64,
     table_name LowCardinality(String),
     lines Int64 COMMENT 'What the table holds beyond the ledger; negative for lines that were lost with a damaged part or forgotten',
     forget UInt64 COMMENT 'Why lines are gone: see forgets; 0 for damage'
   )
   ENGINE = MergeTree
   ORDER BY (table_name, batch)
   ${opensDamaged}`,
  `CREATE TABLE expirations (
     table_name LowCardinality(String),
     before DateTime64(3, 'UTC') COMMENT 'Older rows may be gone: a retention that held until then deleted them'
   )
   ENGINE = MergeTree
   ORDER BY table_name
   ${opensDamaged}`,
];
