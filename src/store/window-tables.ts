import { opensDamaged } from './tables.ts';

/** What is dropped by the hour, when no window needs it any more; see `src/windows/remove-folded.ts`. */
const keptByHour = `
  ENGINE = MergeTree
  PARTITION BY toStartOfHour(written_at)`;

/** Dropped as a whole, without rewriting parts. */
const keptUntilExpiry = `
  ENGINE = MergeTree
  PARTITION BY toDate(expires_at)`;

const expiry = `
  TTL expires_at
  ${opensDamaged}, ttl_only_drop_parts = 1`;

/** Sessions have a key; they came after the tables. */
const keyColumns = {
  window_panes: [
    "key Array(String) COMMENT 'Of the sessions that it is in'",
    "first Int64 COMMENT 'Of its rows, of sessions; epoch ms'",
    "last Int64 COMMENT 'Of its rows, of sessions; epoch ms'",
  ],
  window_states: ["key Array(String) COMMENT 'Of the sessions that it is in' CODEC(ZSTD(1))"],
  window_emissions: ["key Array(String) COMMENT 'Of the session' CODEC(ZSTD(1))"],
  window_results: ["key Array(String) COMMENT 'Of the session' CODEC(ZSTD(1))"],
} as const;

/**
 * Which batches a continuous query has seen. A fold counts from the moment at which it is recorded here, after everything of
 * it is stored; what a killed process leaves behind is never read.
 */
const windowFolds = `
  CREATE TABLE window_folds (
    version UInt64 COMMENT 'The query as it was then: a hash of its definition',
    batch UInt64,
    feed String COMMENT 'Whose event time it moves: a shard, or else a pipeline' CODEC(ZSTD(1)),
    fold UInt64 COMMENT 'Whose rows in window_panes and window_states count',
    max_time Int64 COMMENT 'Latest event that was not in the future then, epoch ms',
    watermark Int64 COMMENT 'Of the query before the fold, epoch ms',
    rows UInt64,
    dropped UInt64 COMMENT 'Rows of the whole fold that came too late or are too far in the future; on its first row',
    written_at DateTime('UTC')
  )
  ${keptByHour}
  ORDER BY (version, batch)
  ${opensDamaged}`;

/** How many rows each fold has of each pane. A window is made of whole panes. */
const windowPanes = `
  CREATE TABLE window_panes (
    version UInt64,
    fold UInt64,
    start Int64 COMMENT 'First moment, epoch ms',
    end Int64 COMMENT 'End of its last window, epoch ms',
    watermark Int64 COMMENT 'Of the query before the fold, epoch ms',
    rows UInt64,
    written_at DateTime('UTC'),
    ${keyColumns.window_panes.join(',\n    ')}
  )
  ${keptByHour}
  ORDER BY (version, start)
  ${opensDamaged}`;

/** Aggregate states of a fold by pane and key, which merge into those of a window. */
const windowStates = `
  CREATE TABLE window_states (
    version UInt64,
    fold UInt64,
    pane Int64 COMMENT 'First moment, epoch ms',
    watermark Int64 COMMENT 'Of the query before the fold, epoch ms',
    keys Array(Nullable(String)) COMMENT 'As text, in the order of GROUP BY' CODEC(ZSTD(1)),
    states Array(String) COMMENT 'As the engine serializes them, in the order of the query' CODEC(ZSTD(1)),
    written_at DateTime('UTC'),
    ${keyColumns.window_states.join(',\n    ')}
  )
  ${keptByHour}
  ORDER BY (version, pane)
  ${opensDamaged}`;

/** What each version of a query is, and how far it is. */
const windowVersions = `
  CREATE TABLE window_versions (
    version UInt64,
    query String,
    sql String COMMENT 'In the normal form of the engine',
    names Array(String) COMMENT 'Columns of its results, without window_start and window_end',
    types Array(String),
    position UInt64 COMMENT 'No batch up to this one is looked at any more: each was folded, or never closed',
    at DateTime64(3, 'UTC')
  )
  ENGINE = ReplacingMergeTree(position)
  ORDER BY version
  ${opensDamaged}`;

/** Emitted windows. The rows of an emission count from the moment at which it is recorded here. */
const windowEmissions = `
  CREATE TABLE window_emissions (
    query LowCardinality(String),
    version UInt64,
    window_start DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    window_end DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    correction UInt32 COMMENT '0 for the first emission; the greatest one holds',
    sequence UInt64 COMMENT 'Of the emitted windows of the query, from 1 without gaps' CODEC(Delta(8), ZSTD(1)),
    rows UInt64 COMMENT 'Of the result',
    source_rows UInt64 COMMENT 'Of the window' CODEC(T64, ZSTD(1)),
    emission UInt64 CODEC(ZSTD(1)),
    watermark DateTime64(3, 'UTC') COMMENT 'Of the query' CODEC(ZSTD(1)),
    closed_at DateTime64(3, 'UTC') COMMENT 'When it was found that the window is over, or has more rows' CODEC(ZSTD(1)),
    emitted_at DateTime64(3, 'UTC') CODEC(ZSTD(1)),
    expires_at DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    ${keyColumns.window_emissions.join(',\n    ')}
  )
  ${keptUntilExpiry}
  ORDER BY (query, version, window_start, correction)
  ${expiry}`;

/** Result rows of windows; the view `windows_NAME` shows those of a query in their columns. */
const windowResults = `
  CREATE TABLE window_results (
    query LowCardinality(String),
    version UInt64,
    window_start DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    emission UInt64 CODEC(ZSTD(1)),
    number UInt64 COMMENT 'Order of the rows of an emission' CODEC(T64, ZSTD(1)),
    row Array(Nullable(String)) COMMENT 'Its values as text, in the order of the columns' CODEC(ZSTD(1)),
    expires_at DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    ${keyColumns.window_results.join(',\n    ')}
  )
  ${keptUntilExpiry}
  ORDER BY (query, version, window_start, emission, number)
  ${expiry}`;

/** How far each output of a query is. */
const windowOutputs = `
  CREATE TABLE window_outputs (
    query String,
    output String COMMENT 'Path of a file, or address of a webhook',
    sequence UInt64 COMMENT 'Of the last window that it has',
    bytes UInt64 COMMENT 'Of a file: its length then',
    at DateTime64(3, 'UTC')
  )
  ENGINE = ReplacingMergeTree(sequence)
  ORDER BY (query, output)
  ${opensDamaged}`;

/** Attempts to send a window again, and windows that were given up. */
const windowDeliveries = `
  CREATE TABLE window_deliveries (
    receiver String COMMENT 'Name of the query, a space, and the output as in window_outputs',
    key String COMMENT 'Sequence number of the window',
    attempt UInt32 COMMENT 'The last one holds',
    state LowCardinality(String) COMMENT 'delivered; failed: will be tried again; dead: given up',
    problem String COMMENT 'Why it failed',
    at DateTime64(3, 'UTC')
  )
  ENGINE = ReplacingMergeTree(attempt)
  ORDER BY (receiver, key)
  TTL toDateTime(at) + INTERVAL 180 DAY
  ${opensDamaged}`;

/** Queries that were saved over the API. */
const savedWindows = `
  CREATE TABLE saved_windows (
    name String,
    sequence UInt64 COMMENT 'The last one holds',
    definition String COMMENT 'JSON, as an entry of windows in the configuration; empty: it was deleted',
    at DateTime64(3, 'UTC')
  )
  ENGINE = ReplacingMergeTree(sequence)
  ORDER BY name
  ${opensDamaged}`;

export const savedWindowTables: readonly string[] = [savedWindows];

export const windowDeliveryTables: readonly string[] = [windowDeliveries];

export const windowOutputTables: readonly string[] = [windowOutputs];

export const windowTables: readonly string[] = [
  windowFolds,
  windowPanes,
  windowStates,
  windowVersions,
  windowEmissions,
  windowResults,
];

export const windowKeyUpgrade: readonly string[] = Object.entries(keyColumns).flatMap(([table, columns]) =>
  columns.map((column) => `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS ${column}`),
);
