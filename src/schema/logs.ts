import { placeColumns } from './object-place.ts';
import type { Column } from './requests.ts';

/** The columns of `logs`, the one table for all logs of applications and functions. */
const token = (comment: string): Column => ({ type: 'LowCardinality(String)', codec: 'ZSTD(1)', comment });
const text = (comment: string): Column => ({ type: 'String', codec: 'ZSTD(3)', comment });

export const logColumns = {
  time: {
    type: "DateTime64(3, 'UTC')",
    codec: 'Delta(8), ZSTD(1)',
    comment: 'When the event happened; when it arrived, if the line does not say',
  },
  time_from: token(
    'Whose time it is: event, what the line says; envelope, what carried it says; arrival, when it came in',
  ),
  level: token('TRACE, DEBUG, INFO, WARN, ERROR or FATAL; empty when the line has none'),
  logger: token('Logger, class or module that wrote the event'),
  message: text('What the event says'),
  service: token('Service, function or program that wrote it'),
  host: token('Machine or container that wrote it'),
  group: token('Log group, index or stream it came in'),
  stream: token('Log stream within the group'),
  request_id: { type: 'String', codec: 'ZSTD(1)', comment: 'Id of the request or invocation it belongs to' },
  trace_id: { type: 'String', codec: 'ZSTD(1)', comment: 'Id of the trace it belongs to' },
  event_id: { type: 'String', codec: 'ZSTD(1)', comment: 'Id that the delivering service gave the event' },
  shape: token('How the line is written: json, text, or what the format calls it, e.g. platform.report'),
  attributes: {
    type: 'Map(LowCardinality(String), String)',
    codec: 'ZSTD(3)',
    comment: 'Every other field of the event; objects and arrays as JSON',
  },
  source_format: token('Format that the line was parsed with'),
  filename: token('Name of the object that held the line'),
  ...placeColumns,
  batch: { type: 'UInt64', codec: 'Delta(8), ZSTD(1)', comment: 'The batch that stored the line; see ledger' },
} as const satisfies Record<string, Column>;

export type LogColumn = keyof typeof logColumns;
