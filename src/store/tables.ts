import { lineKinds } from '../schema/line-kinds.ts';
import { keyColumn, lineColumns } from '../schema/object-place.ts';
import { type Column, loggedColumns, originColumns, requestColumns } from '../schema/requests.ts';
import { bookCodecs } from './book-codecs.ts';
import { ledgerProjections } from './ledger-projections.ts';
import { rollups } from './rollups.ts';
import { searchIndexes } from './search-indexes.ts';

/** By default the engine refuses to start when many parts are damaged; an open store can report and repair them. */
export const openDamaged =
  'max_suspicious_broken_parts = 1000000, max_suspicious_broken_parts_bytes = 1000000000000000';
/** In the order in which the engine lists them for an altered table. */
export const opensDamaged = `SETTINGS index_granularity = 8192, ${openDamaged}`;

/**
 * `landing` stores nothing: every INSERT goes to it, and its views route each line to the right table. So one
 * statement feeds all tables, whatever the layout.
 */
export const landing = landingTable('landing', { ...loggedColumns, ...originColumns });

/** Rows between `landing` and `requests`, with the enriched columns; stores nothing either. */
export const enriched = `
  CREATE TABLE enriched (
    ${columnList({ ...loggedColumns, ...originColumns, ...lineColumns }, ({ type }) => type)},
    user_agent_answer LowCardinality(String),
    user_agent_is_new Bool
  ) ENGINE = Null`;

/** Sorted by hour and viewer: one viewer's requests compress well together, and a viewer is found quickly. */
export const requests = `
  CREATE TABLE requests (
    ${columnList(requestColumns, storedColumn)},
    ${keyColumn},
    params Map(String, String)
      ALIAS mapApply((k, v) -> (k, decodeURLFormComponent(v)), extractKeyValuePairs(query, '=', '&', '\\0'))
      COMMENT 'Query string parameters, decoded',
    ${edgeLocationColumns()},
    INDEX time_range time TYPE minmax GRANULARITY 1,
    INDEX batch_range batch TYPE minmax GRANULARITY 16,
    ${searchIndexes.map(({ name, sql }) => `INDEX ${name} ${sql}`).join(',\n    ')},
    ${rollups.map(({ name, sql }) => `PROJECTION ${name} (${sql})`).join(',\n    ')}
  )
  ENGINE = MergeTree
  PARTITION BY toDate(time)
  ORDER BY (toStartOfHour(time), client_ip, time)
  ${opensDamaged}`;

/** Every line that was not stored, with its origin, the reason, and its exact bytes. */
export const rejects = `
  CREATE TABLE rejects (
    at DateTime('UTC') COMMENT 'When the line was rejected',
    origin String COMMENT 'Object that held the line' CODEC(ZSTD(1)),
    line_number UInt64 COMMENT '1-based line in the decompressed object',
    reason LowCardinality(String) COMMENT 'Why the line was not stored; equal causes have equal texts',
    line String COMMENT 'The exact bytes between two newlines; for Parquet, the row as JSON' CODEC(ZSTD(3)),
    source_format LowCardinality(String) COMMENT 'Format that the line was parsed with',
    batch UInt64 COMMENT 'The batch; see ledger',
    INDEX batch_range batch TYPE minmax GRANULARITY 16
  )
  ENGINE = MergeTree
  PARTITION BY toYYYYMM(at)
  ORDER BY (origin, line_number)
  ${opensDamaged}`;

export const rejectsView = `
  CREATE MATERIALIZED VIEW landing_to_rejects TO rejects AS
  SELECT now('UTC') AS at, origin, line_number + 1 AS line_number, reason, line, source_format, batch
  FROM landing
  WHERE kind = ${lineKinds.reject}`;

/**
 * Input counted on the raw lines before any verdict: the ledger compares it with what the tables
 * actually hold. `headers` holds the hashes of the `#Fields` lines: one that differs from the layout's means
 * that the columns change within the object. A batch may be closed days after it was counted, so tallies
 * are kept as long as the ledger.
 */
export const tallies = `
  CREATE TABLE tallies (
    batch UInt64 ${bookCodecs.tallies.batch},
    object UInt32,
    lines SimpleAggregateFunction(sum, UInt64) ${bookCodecs.tallies.lines},
    content_bytes SimpleAggregateFunction(sum, UInt64) ${bookCodecs.tallies.content_bytes},
    comments SimpleAggregateFunction(sum, UInt64),
    rejected SimpleAggregateFunction(sum, UInt64),
    first_time SimpleAggregateFunction(min, Nullable(DateTime64(3, 'UTC'))) ${bookCodecs.tallies.first_time},
    last_time SimpleAggregateFunction(max, Nullable(DateTime64(3, 'UTC'))) ${bookCodecs.tallies.last_time},
    headers SimpleAggregateFunction(groupUniqArrayArray, Array(UInt64)),
    log_rows SimpleAggregateFunction(sum, UInt64),
    excluded SimpleAggregateFunction(sum, UInt64)
  )
  ENGINE = AggregatingMergeTree
  ORDER BY (batch, object)
  ${opensDamaged}`;

export const talliesView = talliesViewOf('landing');

export function talliesViewOf(landing: string): string {
  const logRows = landing === 'landing_logs' ? `\n    countIf(kind = ${lineKinds.row}) AS log_rows,` : '';
  return `
  CREATE MATERIALIZED VIEW ${landing}_to_tallies TO tallies AS
  SELECT
    batch,
    object,
    count() AS lines,
    sum(line_bytes + 1) AS content_bytes,
    countIf(kind = ${lineKinds.comment}) AS comments,
    countIf(kind = ${lineKinds.reject}) AS rejected,
    minOrNullIf(time, kind = ${lineKinds.row}) AS first_time,
    maxOrNullIf(time, kind = ${lineKinds.row}) AS last_time,
    groupUniqArrayIf(
      cityHash64(if(startsWith(line, '#Fields'), trimBoth(replaceRegexpAll(substring(line, 9), '\\\\s+', ' ')), '')),
      startsWith(line, '#Fields')
    ) AS headers,${logRows}
    countIf(kind = ${lineKinds.excluded}) AS excluded
  FROM ${landing}
  GROUP BY batch, object`;
}

/** Written before an INSERT: what the batch is going to store. A plan without a ledger entry did not finish. */
export const plans = `
  CREATE TABLE plans (
    batch UInt64 ${bookCodecs.plans.batch},
    object UInt32 COMMENT '1-based number of the object within the batch',
    origin String COMMENT 'The object: absolute path or URL' ${bookCodecs.plans.origin},
    version String COMMENT 'Identity of its content' ${bookCodecs.plans.version},
    layout String COMMENT 'Layout that it is parsed with; see layouts',
    bytes UInt64 COMMENT 'Size of the object as it lies there' ${bookCodecs.plans.bytes},
    stated_bytes Int64 COMMENT 'Size of the content that the object itself states; -1 when it states none',
    from_line UInt64 COMMENT 'First line of the object that the batch stores, 0-based',
    planned_at DateTime64(3, 'UTC') ${bookCodecs.plans.planned_at},
    worker String COMMENT 'The process that stores the batch',
    is_leased Bool COMMENT 'Whether its end is decided by who holds the origin''s lease',
    pipeline LowCardinality(String) COMMENT 'As in the configuration; empty for tailrace ingest'
  )
  ENGINE = MergeTree
  ORDER BY (batch, object)
  ${opensDamaged}`;

/** One row per object and batch, written when all of it is durable: lines = rows + rejected + comments + excluded. */
export const ledger = `
  CREATE TABLE ledger (
    batch UInt64 ${bookCodecs.ledger.batch},
    object UInt32 COMMENT '1-based number of the object within the batch',
    origin String COMMENT 'The object: absolute path or URL' ${bookCodecs.ledger.origin},
    version String COMMENT 'Identity of its content' ${bookCodecs.ledger.version},
    format LowCardinality(String),
    layout String COMMENT 'Layout that it was parsed with; see layouts',
    bytes UInt64 COMMENT 'Size of the object as it lies there' ${bookCodecs.ledger.bytes},
    content_bytes UInt64 COMMENT 'Bytes of the lines that were received, newlines included' ${bookCodecs.ledger.content_bytes},
    from_line UInt64 COMMENT 'First line that was received, 0-based',
    lines UInt64 COMMENT 'Lines received' ${bookCodecs.ledger.lines},
    rows UInt64 COMMENT 'Lines stored in requests or logs' ${bookCodecs.ledger.rows},
    rejected UInt64 COMMENT 'Lines kept in rejects',
    comments UInt64 COMMENT 'Directives, headers and blank lines',
    excluded UInt64 COMMENT 'Lines that the rules of the input leave out',
    first_time Nullable(DateTime64(3, 'UTC')) COMMENT 'Earliest event' ${bookCodecs.ledger.first_time},
    last_time Nullable(DateTime64(3, 'UTC')) COMMENT 'Latest event' ${bookCodecs.ledger.last_time},
    stored_at DateTime64(3, 'UTC') ${bookCodecs.ledger.stored_at},
    pipeline LowCardinality(String) COMMENT 'As in the configuration; empty for tailrace ingest',
    log_rows UInt64 COMMENT 'Those of the rows that are in logs',
    INDEX batch_range batch TYPE minmax GRANULARITY 1,
    ${ledgerProjections.map(({ name, sql }) => `PROJECTION ${name} (${sql})`).join(',\n    ')}
  )
  ENGINE = MergeTree
  ORDER BY (origin, version)
  ${opensDamaged}`;

/** The processes that write to these tables, if there are several. */
export const workers = `
  CREATE TABLE workers (
    worker String COMMENT 'Random name of a process',
    seen_at DateTime64(3, 'UTC') COMMENT 'When it last said that it lives'
  )
  ENGINE = ReplacingMergeTree(seen_at)
  ORDER BY worker
  TTL toDateTime(seen_at) + INTERVAL 1 DAY`;

/** Which worker reads an exclusive input. A worker renews its rows as long as it holds a claim. */
export const claims = `
  CREATE TABLE claims (
    input String COMMENT 'What origins of the input begin with',
    worker String COMMENT 'As in workers',
    host String,
    sequence UInt64 COMMENT 'Of the statements of the worker; the last one holds',
    is_held Bool,
    written_at DateTime64(3, 'UTC')
  )
  ENGINE = ReplacingMergeTree(sequence)
  ORDER BY (input, worker)
  TTL toDateTime(written_at) + INTERVAL 7 DAY`;

/** An entry matters as long as a statement of its batch may be in flight. */
const keptByBatch = `
  ENGINE = MergeTree
  ORDER BY batch
  TTL toDateTime(at) + INTERVAL 30 DAY
  ${opensDamaged}`;

/**
 * Batches that must not store anything any more. A server may start a statement of a batch after it was taken back,
 * because its request was in flight; such a statement finds the batch here and stores nothing.
 */
export const takenBack = `
  CREATE TABLE taken_back (
    batch UInt64,
    at DateTime64(3, 'UTC')
  )
  ${keptByBatch}`;

/** Second and further attempts to close a batch: the newest one may write its ledger entries. */
export const closingAttempts = `
  CREATE TABLE closing_attempts (
    batch UInt64,
    attempt UInt64,
    at DateTime64(3, 'UTC')
  )
  ${keptByBatch}`;

/** Every layout ever used, so that a batch can be understood and repeated. */
export const layouts = `
  CREATE TABLE layouts (
    layout String COMMENT 'Identity of the layout',
    format LowCardinality(String),
    framing LowCardinality(String) COMMENT 'delimited, json or parquet',
    delimiter String,
    columns Array(String),
    named_by LowCardinality(String) COMMENT 'header, configured or detected',
    sampling_rate UInt8,
    first_used_at DateTime64(3, 'UTC')
  )
  ENGINE = MergeTree
  ORDER BY layout
  ${opensDamaged}`;

/** Notices for the operator: a layout that stopped fitting its input, columns that changed within an object. */
export const events = `
  CREATE TABLE events (
    at DateTime64(3, 'UTC'),
    name LowCardinality(String) COMMENT 'E.g. layout_drift, columns_changed',
    origin String,
    batch UInt64,
    detail String
  )
  ENGINE = MergeTree
  ORDER BY at
  TTL toDateTime(at) + INTERVAL 1 YEAR
  ${opensDamaged}`;

/** Positions of header lines in objects whose columns change midway; empty except while such an object is stored. */
export const headerLines = `
  CREATE TABLE header_lines (batch UInt64, object UInt32, line_number UInt64, line String)
  ENGINE = MergeTree
  ORDER BY (batch, object, line_number)
  ${opensDamaged}`;

/** Looked up on read: costs no storage, and a better data set applies at once to old rows too. */
function edgeLocationColumns(): string {
  return Object.entries({
    city: 'edge_city',
    country_code: 'edge_country',
    latitude: 'edge_latitude',
    longitude: 'edge_longitude',
  })
    .map(([attribute, name]) => `${name} ALIAS ${edgePlace(attribute)} COMMENT 'Of the edge location: ${attribute}'`)
    .join(',\n    ');
}

/** SQL: what is known of an edge location. */
export function edgePlace(attribute: string): string {
  return `dictGet('tailrace.edge_locations', '${attribute}', substring(edge_location, 1, 3))`;
}

/** A table for every INSERT of lines, with their kind and origin. */
export function landingTable(name: string, columns: Readonly<Record<string, Column>>): string {
  return `
  CREATE TABLE ${name} (
    object UInt32,
    line_number UInt64,
    line_bytes UInt64,
    line String,
    kind UInt8,
    reason LowCardinality(String),
    origin String,
    ${columnList(columns, ({ type }) => type)}
  ) ENGINE = Null`;
}

export function storedColumn({ type, codec, comment }: Column): string {
  return `${type} COMMENT '${comment}' CODEC(${codec})`;
}

export function columnList(columns: Readonly<Record<string, Column>>, definition: (column: Column) => string): string {
  return Object.entries(columns)
    .map(([name, column]) => `${name} ${definition(column)}`)
    .join(',\n    ');
}
