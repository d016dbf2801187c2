import { opensDamaged } from './tables.ts';

/**
 * What became of each instance of each alert, and at the same time the outbox: a row with `announce` waits until each of its
 * receivers has acknowledged it in `alert_deliveries`. One row is both, so that no kill can come between them.
 */
const alertTransitions = `
  CREATE TABLE alert_transitions (
    alert LowCardinality(String) COMMENT 'As in the configuration',
    instance String COMMENT 'Its labels: name=value, separated by commas',
    labels Map(LowCardinality(String), String),
    sequence UInt64 COMMENT 'The last one holds',
    key String COMMENT 'The idempotency key of what is told',
    at DateTime64(3, 'UTC') COMMENT 'The evaluation that found it',
    phase LowCardinality(String) COMMENT 'inactive, pending, firing or resolved',
    since DateTime64(3, 'UTC') COMMENT 'Since when it is in this phase',
    clear_since Nullable(DateTime64(3, 'UTC')) COMMENT 'Of one that fires: since when its condition does not hold',
    fired_at Array(DateTime64(3, 'UTC')) COMMENT 'When it began to fire, as far back as flapping looks',
    is_announced Bool COMMENT 'Whether receivers were told that it fires',
    announce LowCardinality(String) COMMENT 'firing or resolved: what receivers are told; empty for nothing',
    receivers Array(LowCardinality(String)) COMMENT 'Who is told',
    suppressed_by String COMMENT 'Why nobody is told that it fires: a silence, a maintenance window, another alert',
    value Nullable(Float64),
    threshold Nullable(Float64),
    baseline Nullable(Float64),
    message String COMMENT 'What receivers are told, as JSON' CODEC(ZSTD(3)),
    written_at DateTime64(3, 'UTC')
  )
  ENGINE = ReplacingMergeTree
  ORDER BY (alert, instance, sequence)
  TTL toDateTime(at) + INTERVAL 180 DAY DELETE WHERE phase != 'firing'
  ${opensDamaged}`;

/** What became of each message at each receiver. */
const alertDeliveries = `
  CREATE TABLE alert_deliveries (
    receiver LowCardinality(String) COMMENT 'As in the configuration',
    key String COMMENT 'As in alert_transitions',
    attempt UInt32 COMMENT 'The last one holds',
    state LowCardinality(String) COMMENT 'delivered; failed: will be tried again; dead: given up',
    problem String COMMENT 'Why it failed',
    at DateTime64(3, 'UTC')
  )
  ENGINE = ReplacingMergeTree(attempt)
  ORDER BY (receiver, key)
  TTL toDateTime(at) + INTERVAL 180 DAY
  ${opensDamaged}`;

/** One row for each evaluation: how far each alert is, and what it saw. */
const alertEvaluations = `
  CREATE TABLE alert_evaluations (
    alert LowCardinality(String) COMMENT 'As in the configuration',
    at DateTime64(3, 'UTC') COMMENT 'For which it was made',
    value Nullable(Float64) COMMENT 'Of the group with the greatest deviation',
    threshold Nullable(Float64),
    baseline Nullable(Float64),
    groups UInt32 COMMENT 'Groups that were looked at',
    met UInt32 COMMENT 'Of them, those whose condition holds',
    problem String COMMENT 'Why it could not be made, or what is odd about it'
  )
  ENGINE = ReplacingMergeTree
  ORDER BY (alert, at)
  TTL toDateTime(at) + INTERVAL 30 DAY
  ${opensDamaged}`;

const alertSilences = `
  CREATE TABLE alert_silences (
    id String,
    sequence UInt64 COMMENT 'The last one holds',
    matchers Array(String) COMMENT 'All must match: label=text, label!=text, with * for any characters',
    starts_at DateTime64(3, 'UTC'),
    ends_at DateTime64(3, 'UTC'),
    author String,
    comment String,
    written_at DateTime64(3, 'UTC')
  )
  ENGINE = ReplacingMergeTree(sequence)
  ORDER BY id
  TTL toDateTime(ends_at) + INTERVAL 180 DAY
  ${opensDamaged}`;

export const alertTables: readonly string[] = [alertTransitions, alertDeliveries, alertEvaluations, alertSilences];
