import { logColumns } from '../schema/logs.ts';
import { keyColumn, lineColumns, placeColumns } from '../schema/object-place.ts';
import { type Column, requestColumns } from '../schema/requests.ts';
import { alertTables } from './alert-tables.ts';
import { codecUpgrade } from './book-codecs.ts';
import { endOfLifetimes } from './deletion-tables.ts';
import { forgetUpgrade } from './forget-tables.ts';
import { integrityTables } from './integrity-tables.ts';
import * as lakeTables from './lake-tables.ts';
import { ledgerIndexes } from './ledger-projections.ts';
import * as logTables from './log-tables.ts';
import { completenessUpgrade, ofAllUpgrade, rollupTables, viewersUpgrade } from './rollup-tables.ts';
import { rollups } from './rollups.ts';
import type { Alternatives } from './schema.ts';
import {
  clientAddressUpgrade,
  lastFilterUpgrade,
  pathUpgrade,
  requestIdUpgrade,
  withoutFirstFilter,
} from './search-indexes.ts';
import { shipmentTables } from './shipment-tables.ts';
import * as tables from './tables.ts';
import { changeView } from './views.ts';
import {
  savedWindowTables,
  windowDeliveryTables,
  windowKeyUpgrade,
  windowOutputTables,
  windowTables,
} from './window-tables.ts';

/** As in the current views; older stores count nothing else. */
const talliesColumns = `
  ALTER TABLE tallies
    ADD COLUMN IF NOT EXISTS log_rows SimpleAggregateFunction(sum, UInt64),
    ADD COLUMN IF NOT EXISTS excluded SimpleAggregateFunction(sum, UInt64)`;

const applicationLogs = [
  talliesColumns,
  logTables.landingLogs,
  logTables.logs,
  logTables.messageIndex,
  logTables.logsView,
  logTables.logRejectsView,
  logTables.logTalliesView,
  `ALTER TABLE plans
     ADD COLUMN IF NOT EXISTS worker String COMMENT 'The process that stores the batch',
     ADD COLUMN IF NOT EXISTS is_leased Bool COMMENT 'Whether its end is decided by who holds the origin''s lease',
     ADD COLUMN IF NOT EXISTS pipeline LowCardinality(String) COMMENT 'As in the configuration; empty for tailrace ingest'`,
  `ALTER TABLE ledger
     ADD COLUMN IF NOT EXISTS pipeline LowCardinality(String) COMMENT 'As in the configuration; empty for tailrace ingest'`,
  tables.workers,
];

const keptTallies: Alternatives = [
  'ALTER TABLE tallies REMOVE TTL, DROP COLUMN at',
  // A second run, after a crash, finds no TTL to remove.
  'ALTER TABLE tallies DROP COLUMN IF EXISTS at',
];

/** Formats whose rows went to `logs` before the ledger recorded the table. */
const earlierLogFormats = "'json-lines', 'text', 'log4j', 'kinesis-agent', 'lambda', 'alb-connection'";

const rowsByTable = [
  talliesColumns,
  `ALTER TABLE ledger ADD COLUMN IF NOT EXISTS
     log_rows UInt64 DEFAULT if(format IN (${earlierLogFormats}), rows, 0) COMMENT 'Those of the rows that are in logs'`,
  'ALTER TABLE ledger MATERIALIZE COLUMN log_rows',
  `ALTER TABLE ledger MODIFY COLUMN rows COMMENT 'Lines stored in requests or logs'`,
];

const keptTables = ['requests', 'logs', 'rejects', 'tallies', 'plans', 'ledger', 'layouts', 'events', 'header_lines'];
const openDamaged = keptTables.map((table) => `ALTER TABLE ${table} MODIFY SETTING ${tables.openDamaged}`);

/** Rows record the source of their time; unknown for rows stored earlier. */
const timeFrom = [
  `ALTER TABLE landing_logs ADD COLUMN IF NOT EXISTS time_from ${logColumns.time_from.type} AFTER time`,
  `ALTER TABLE logs ADD COLUMN IF NOT EXISTS time_from ${tables.storedColumn(logColumns.time_from)} AFTER time`,
];

const excludedLines = `
  ALTER TABLE ledger ADD COLUMN IF NOT EXISTS
    excluded UInt64 COMMENT 'Lines that the rules of the input leave out' AFTER comments`;

/** Rows record the location of their object; unknown for earlier rows. @param names landings, and the table last */
function addPlace(...names: readonly string[]): string[] {
  const stored = names.at(-1) as string;
  return [
    ...names.map((table) => {
      const columns = Object.entries(placeColumns).map(([name, { type, codec, comment }]) => {
        const more = table === stored ? ` COMMENT '${comment}' CODEC(${codec})` : '';
        return `ADD COLUMN IF NOT EXISTS ${name} ${type}${more} AFTER filename`;
      });
      return `ALTER TABLE ${table} ${columns.toReversed().join(', ')}`;
    }),
    `ALTER TABLE ${stored} ADD COLUMN IF NOT EXISTS ${keyColumn}`,
  ];
}

/** Rows have an identity; zeros for earlier rows. @param after the column that precedes these in the table */
function addLine(table: string, after: string, definition: (column: Column) => string): string {
  const columns = Object.entries(lineColumns).map(
    ([name, column]) => `ADD COLUMN IF NOT EXISTS ${name} ${definition(column)} AFTER ${after}`,
  );
  return `ALTER TABLE ${table} ${columns.toReversed().join(', ')}`;
}

const recoded =
  'time, request_id, client_ip, client_port, duration, ttfb, origin_fbl, origin_lbl, cookie, forwarded_for, range_start, range_end, connection_id';
/** Existing parts change with their next merge. */
const smallerRequests = `ALTER TABLE requests ${recoded
  .split(', ')
  .map((name) => `MODIFY COLUMN ${name} CODEC(${requestColumns[name]?.codec})`)
  .join(', ')}`;

/** The engine builds it for existing parts in the background; until then it reads their rows instead. */
const contentsOfHours = rollups
  .filter(({ name }) => name === 'contents')
  .flatMap(({ name, sql }) => [
    `ALTER TABLE requests ADD PROJECTION IF NOT EXISTS ${name} (${sql})`,
    `ALTER TABLE requests MATERIALIZE PROJECTION ${name} SETTINGS mutations_sync = 0`,
  ]);

/** Runs after all columns exist: the views that fill them. */
const today: readonly (string | Alternatives)[] = [
  [
    'ALTER TABLE ledger MODIFY COLUMN log_rows REMOVE DEFAULT',
    // A second run, after a crash, finds no default to remove.
    `ALTER TABLE ledger MODIFY COLUMN log_rows COMMENT 'Those of the rows that are in logs'`,
  ],
  ...[tables.talliesView, logTables.logTalliesView, logTables.logsView].map(changeView),
];

/**
 * The first upgrades a store from schema 1 to 2, and so on. A released upgrade is never edited; a change is
 * a new one. Each statement creates only what is missing.
 */
export const upgrades: readonly (readonly (string | Alternatives)[])[] = [
  applicationLogs,
  [talliesColumns, keptTallies],
  [...rowsByTable, ...integrityTables, ...openDamaged],
  timeFrom,
  [talliesColumns, excludedLines],
  [...addPlace('landing', 'enriched', 'requests'), ...addPlace('landing_logs', 'logs')],
  today,
  [tables.claims],
  [tables.takenBack],
  [
    `ALTER TABLE ledger_marks
       ADD COLUMN IF NOT EXISTS settled UInt64 COMMENT 'No batch up to this one is planned any more',
       ADD COLUMN IF NOT EXISTS open Array(UInt64) COMMENT 'Batches up to settled that were planned and not closed'`,
    ...codecUpgrade,
    ...ledgerIndexes,
  ],
  [
    addLine('enriched', 'extra', ({ type }) => type),
    addLine('requests', 'extra', tables.storedColumn),
    addLine('logs', 'batch', tables.storedColumn),
    changeView(logTables.logsView),
    ...shipmentTables,
  ],
  [tables.closingAttempts],
  [smallerRequests],
  withoutFirstFilter,
  [...contentsOfHours, ...rollupTables],
  clientAddressUpgrade,
  // Blocks have paths from now on: those without are summed up again.
  [...rollupTables, 'TRUNCATE TABLE rollup_blocks'],
  endOfLifetimes,
  pathUpgrade,
  [lakeTables.lakeHours, ...lakeTables.logContents, lakeTables.earlierLogContents],
  requestIdUpgrade,
  viewersUpgrade,
  forgetUpgrade,
  completenessUpgrade,
  ofAllUpgrade,
  windowTables,
  lastFilterUpgrade,
  alertTables,
  windowOutputTables,
  windowKeyUpgrade,
  windowDeliveryTables,
  savedWindowTables,
];
