import { cfLogsView } from './cf-logs-view.ts';
import { integrityTables } from './integrity-tables.ts';
import * as logTables from './log-tables.ts';
import * as tables from './tables.ts';

/** Statements of which the first that the engine can run is run. */
export type Alternatives = readonly string[];

/** Everything that an empty database gets: each table and view as it is today. */
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
];
