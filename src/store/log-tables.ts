import { lineKinds } from '../schema/line-kinds.ts';
import { logColumns } from '../schema/logs.ts';
import { keyColumn, lineColumns } from '../schema/object-place.ts';
import { columnList, landingTable, opensDamaged, rejectsView, storedColumn, talliesViewOf } from './tables.ts';

const names = Object.keys(logColumns).join(', ');

/** The counterpart of `landing` for log lines: every INSERT of log lines goes to it, and it stores nothing. */
export const landingLogs = landingTable('landing_logs', logColumns);

/** Sorted by origin: lines of one service compress well together, and a time range of them is found quickly. */
export const logs = `
  CREATE TABLE logs (
    ${columnList({ ...logColumns, ...lineColumns }, storedColumn)},
    ${keyColumn},
    INDEX request_id_bloom request_id TYPE bloom_filter(0.025) GRANULARITY 1,
    INDEX trace_id_bloom trace_id TYPE bloom_filter(0.025) GRANULARITY 1,
    INDEX time_range time TYPE minmax GRANULARITY 1,
    INDEX batch_range batch TYPE minmax GRANULARITY 16
  )
  ENGINE = MergeTree
  PARTITION BY toDate(time)
  ORDER BY (service, group, time)
  ${opensDamaged}`;

/**
 * For word search: `hasToken`, `LIKE '% word %'`. The first that the engine supports is created; servers before 25
 * have no text index.
 */
export const messageIndex: readonly string[] = [
  'text(tokenizer = splitByNonAlpha)',
  'tokenbf_v1(32768, 3, 0) GRANULARITY 1',
].map((type) => `ALTER TABLE logs ADD INDEX IF NOT EXISTS message_words message TYPE ${type}`);

export const logsView = `
  CREATE MATERIALIZED VIEW landing_logs_to_logs TO logs AS
  SELECT ${names}, object, line_number + 1 AS line_number
  FROM landing_logs
  WHERE kind = ${lineKinds.row}`;

/** Rejects and tallies are the same for both kinds of lines. */
export const logRejectsView = rejectsView.replaceAll('landing', 'landing_logs');
export const logTalliesView = talliesViewOf('landing_logs');
