import { alertTables } from './alert-tables.ts';
import { cfLogsView } from './cf-logs-view.ts';
import { deletionTables } from './deletion-tables.ts';
import { forgetTables } from './forget-tables.ts';
import { integrityTables } from './integrity-tables.ts';
import * as lakeTables from './lake-tables.ts';
import * as logTables from './log-tables.ts';
import { rollupTables } from './rollup-tables.ts';
import { shipmentTables } from './shipment-tables.ts';
import * as tables from './tables.ts';
import { savedWindowTables, windowDeliveryTables, windowOutputTables, windowTables } from './window-tables.ts';

/** Alternative statements; the first that the engine supports is run. */
export type Alternatives = readonly string[];

/** Everything created in an empty database: each table and view in its current form. */
export const schema: readonly (string | Alternatives)[] = [
  tables.landing,
  tables.enriched,
  tables.requests,
  tables.rejects,
  tables.tallies,
  tables.plans,
  tables.ledger,
  tables.workers,
  tables.claims,
  tables.takenBack,
  tables.closingAttempts,
  tables.layouts,
  tables.events,
  tables.headerLines,
  tables.rejectsView,
  tables.talliesView,
  cfLogsView,
  logTables.landingLogs,
  logTables.logs,
  logTables.messageIndex,
  logTables.logsView,
  logTables.logRejectsView,
  logTables.logTalliesView,
  ...integrityTables,
  ...shipmentTables,
  ...rollupTables,
  ...deletionTables,
  ...forgetTables,
  lakeTables.lakeHours,
  ...lakeTables.logContents,
  ...windowTables,
  ...windowOutputTables,
  ...windowDeliveryTables,
  ...savedWindowTables,
  ...alertTables,
];
