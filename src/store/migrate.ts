import type { Engine } from '../engine/engine.ts';
import { addPlace } from './add-place.ts';
import { cfLogsView } from './cf-logs-view.ts';
import { excludedLines } from './excluded-lines.ts';
import { integrityStatements } from './integrity-tables.ts';
import * as logTables from './log-tables.ts';
import * as tables from './tables.ts';
import { changeView } from './views.ts';
import { workerStatements } from './worker-tables.ts';

/**
 * The steps from an empty database to today's. A step that was released is never edited; a change is a new step. Views
 * that hold no data are made anew at each change of version instead. Of a list of statements, the first that the engine
 * can run is run.
 */
const steps: readonly (readonly (string | readonly string[])[])[] = [
  [
    tables.landing,
    tables.enriched,
    tables.requests,
    tables.rejects,
    tables.tallies,
    tables.plans,
    tables.ledger,
    tables.layouts,
    tables.events,
    tables.headerLines,
    tables.rejectsView,
    tables.talliesView,
    cfLogsView,
  ],
  [
    logTables.landingLogs,
    logTables.logs,
    logTables.messageIndex,
    logTables.logsView,
    logTables.logRejectsView,
    logTables.logTalliesView,
    ...workerStatements,
  ],
  [changeView(tables.talliesView), changeView(logTables.logTalliesView), tables.keepTallies],
  integrityStatements,
  logTables.timeFrom,
  excludedLines,
  [...addPlace('landing', 'enriched', 'requests'), ...addPlace('landing_logs', 'logs'), changeView(logTables.logsView)],
];

export const schemaVersion = steps.length;

/**
 * Brings the database to {@link schemaVersion}. Safe to repeat after a crash in the middle: a step is recorded when all
 * of it is done, and its statements make only what is not there.
 * @throws Error when the database was made by a newer version.
 */
export async function migrate(engine: Engine): Promise<void> {
  await engine.run({
    sql: `CREATE TABLE IF NOT EXISTS schema_versions (version UInt32, at DateTime64(3, 'UTC') DEFAULT now64(3))
          ENGINE = MergeTree ORDER BY version`,
  });
  const [found] = await engine.rows<{ version: number }>({
    sql: 'SELECT max(version) AS version FROM schema_versions',
  });
  const version = found?.version ?? 0;
  if (version > schemaVersion) {
    throw new Error(
      `cannot open the store: it was made by a newer tailrace (schema ${version}, this one knows ${schemaVersion}); upgrade tailrace`,
    );
  }
  for (let next = version + 1; next <= schemaVersion; next++) {
    for (const statement of steps[next - 1] ?? []) await runFirst(engine, [statement].flat());
    await engine.run({
      sql: 'INSERT INTO schema_versions (version) SELECT {version:UInt32}',
      params: { version: next },
    });
  }
}

async function runFirst(engine: Engine, [statement = '', ...others]: readonly string[]): Promise<void> {
  try {
    await engine.run({ sql: createIfMissing(statement) });
  } catch (cause) {
    if (others.length === 0) throw cause;
    await runFirst(engine, others);
  }
}

function createIfMissing(statement: string): string {
  return statement.replace(/CREATE (TABLE|MATERIALIZED VIEW) /, 'CREATE $1 IF NOT EXISTS ');
}
