import { lineKinds } from '../schema/line-kinds.ts';
import { talliesViewOf } from './tables.ts';
import { changeView } from './views.ts';

/** Formats whose rows went to `logs` before the ledger said where rows are. */
const earlierLogFormats = "'json-lines', 'text', 'log4j', 'kinesis-agent', 'lambda', 'alb-connection'";

const keptTables = ['requests', 'logs', 'rejects', 'tallies', 'plans', 'ledger', 'layouts', 'events', 'header_lines'];

/** The ledger says which table has the rows of an object, because each table has a retention of its own. */
const rowsByTable = [
  'ALTER TABLE tallies ADD COLUMN IF NOT EXISTS log_rows SimpleAggregateFunction(sum, UInt64)',
  changeView(talliesViewOf('landing_logs', `,\n    countIf(kind = ${lineKinds.row}) AS log_rows`)),
  `ALTER TABLE ledger ADD COLUMN IF NOT EXISTS
     log_rows UInt64 DEFAULT if(format IN (${earlierLogFormats}), rows, 0) COMMENT 'Those of the rows that are in logs'`,
  'ALTER TABLE ledger MATERIALIZE COLUMN log_rows',
  `ALTER TABLE ledger MODIFY COLUMN rows COMMENT 'Lines stored in requests or logs'`,
];

/** What tells damage from what was meant to happen; see `find-damage.ts`. */
const witnesses = [
  `CREATE TABLE ledger_marks (
     sequence UInt64,
     batch UInt64 COMMENT 'The greatest in the ledger at that time',
     objects UInt64 COMMENT 'Rows that the ledger had; it only grows'
   )
   ENGINE = ReplacingMergeTree(sequence)
   ORDER BY tuple()`,
  `CREATE TABLE corrections (
     at DateTime64(3, 'UTC'),
     batch UInt64,
     table_name LowCardinality(String),
     lines Int64 COMMENT 'What the table holds beyond the ledger; negative for lines that were lost with a damaged part'
   )
   ENGINE = MergeTree
   ORDER BY (table_name, batch)`,
  `CREATE TABLE expirations (
     table_name LowCardinality(String),
     before DateTime64(3, 'UTC') COMMENT 'Older rows may be gone: a retention that held until then deleted them'
   )
   ENGINE = MergeTree
   ORDER BY table_name`,
];

/** By default the engine refuses to start when many parts are damaged; a store that opens can say so and be repaired. */
const openDamaged = [...keptTables, 'ledger_marks', 'corrections', 'expirations'].map(
  (table) => `ALTER TABLE ${table} MODIFY SETTING
     max_suspicious_broken_parts = 1000000, max_suspicious_broken_parts_bytes = 1000000000000000`,
);

export const integrityStatements: readonly string[] = [...rowsByTable, ...witnesses, ...openDamaged];
