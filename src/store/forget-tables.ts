import { opensDamaged } from './tables.ts';

/** Who was forgotten, without the address: whoever has the key can tell whether one was among them. */
const forgets = `
  CREATE TABLE forgets (
    forget UInt64,
    at DateTime64(3, 'UTC'),
    by String COMMENT 'User and machine',
    rule String COMMENT 'What was asked for, without the address',
    subject FixedString(64) COMMENT 'HMAC-SHA256 of the address or network, in hexadecimal',
    requests UInt64 COMMENT 'Rows that were found',
    logs UInt64,
    rejects UInt64,
    rollups UInt64 COMMENT 'Blocks of rollups that named the viewer; they are summed up again',
    state LowCardinality(String) COMMENT 'listed: being deleted; done',
    sequence UInt8 COMMENT 'The last one holds'
  )
  ENGINE = ReplacingMergeTree(sequence)
  ORDER BY forget
  ${opensDamaged}`;

/** The rows that are being forgotten. They are named by a hash, so that no statement has the address. Empty otherwise. */
const forgetting = `
  CREATE TABLE forgetting (
    forget UInt64,
    table_name LowCardinality(String),
    batch UInt64 COMMENT 'Of rollup_clients: the block',
    hash UInt64 COMMENT 'Identity of the row'
  )
  ENGINE = MergeTree
  PARTITION BY forget
  ORDER BY (table_name, batch)
  ${opensDamaged}`;

export const forgetTables: readonly string[] = [forgets, forgetting];

export const forgetUpgrade: readonly string[] = [
  ...forgetTables,
  `ALTER TABLE corrections
     ADD COLUMN IF NOT EXISTS forget UInt64 COMMENT 'Why lines are gone: see forgets; 0 for damage',
     MODIFY COLUMN lines COMMENT 'What the table holds beyond the ledger; negative for lines that were lost with a damaged part or forgotten'`,
];
