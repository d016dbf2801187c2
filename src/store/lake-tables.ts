import { contentsOfHour } from './rollups.ts';
import { opensDamaged } from './tables.ts';

/** What of the tables lies in lakes. The entry with the greatest sequence counts. */
export const lakeHours = `
  CREATE TABLE lake_hours (
    lake String COMMENT 'Where it lies: s3://bucket/prefix, or a folder' CODEC(ZSTD(1)),
    table_name LowCardinality(String),
    start DateTime('UTC') COMMENT 'First moment of the hour' CODEC(Delta(4), ZSTD(1)),
    rows UInt64 COMMENT 'Rows of the table that its files hold' CODEC(T64, ZSTD(1)),
    fingerprint UInt64 COMMENT 'With the number of rows, their identity; the hour is written again when the table has another one',
    files UInt32 COMMENT 'Files of the hour; 0 when it has none any more',
    bytes UInt64 COMMENT 'Size of its files' CODEC(T64, ZSTD(1)),
    is_done Bool COMMENT 'False from before its files are changed until all of them are known to be there',
    sequence UInt64 COMMENT 'When it was written, as the id of a batch',
    written_at DateTime64(3, 'UTC') DEFAULT now64(3) CODEC(Delta(8), ZSTD(1))
  )
  ENGINE = ReplacingMergeTree(sequence)
  ORDER BY (lake, table_name, start)
  ${opensDamaged}`;

/** The identity of the rows of each hour is kept with the parts, as that of requests is; see `rollups.ts`. */
export const logContents = [
  `ALTER TABLE logs ADD PROJECTION IF NOT EXISTS contents (SELECT ${Object.values(contentsOfHour).join(', ')} GROUP BY ${contentsOfHour.hour})`,
];

/** For the parts that there are; built in the background. */
export const earlierLogContents = 'ALTER TABLE logs MATERIALIZE PROJECTION contents SETTINGS mutations_sync = 0';
