import type { Statement } from '../../engine/engine.ts';
import type { LogColumn } from '../../schema/logs.ts';
import { decoded } from '../decode-expression.ts';
import { filledValues } from '../extra-expression.ts';
import { judgedLines, landingParts } from '../judged-lines.ts';
import { compileLandingInsert, type LandingInsert } from '../landing-insert.ts';
import type { Layout } from '../layout.ts';
import type { LogOrigin } from '../logs/compile-log-insert.ts';
import { noPlaces, placeExpressions } from '../object-place.ts';
import type { RawField } from '../raw-field.ts';
import { levelExpression } from './level-expression.ts';
import { templateExpression } from './template-expression.ts';

/**
 * Compiles a layout whose lines are events, not HTTP requests, to the INSERT … SELECT that splits each line of `source`
 * and writes it to `landing_logs`.
 *
 * @param source FROM clause with `object`, `line_number` and `line`; for an envelope also its metadata of the events
 */
export function compileEventInsert(layout: Layout, origin: LogOrigin, source: string): Statement {
  const { fields, sql, params } = judgedLines(layout, source, origin);
  const stored = Object.entries(columnExpressions(layout, origin, fields));
  const insert: LandingInsert = {
    table: 'landing_logs',
    from: sql,
    ...landingParts(origin.opening),
    columns: stored,
    params: {
      ...params,
      format: layout.format.name,
      batch: origin.batch,
      origins: origin.origins,
      filenames: origin.filenames,
      ...(origin.place ?? noPlaces),
      groups: origin.groups,
      streams: origin.streams,
      services: origin.services,
      hosts: origin.hosts,
    },
  };
  return compileLandingInsert(insert, origin.rules);
}

function columnExpressions(
  layout: Layout,
  { opening }: LogOrigin,
  fields: readonly RawField[],
): Record<LogColumn, string> {
  const { event, name } = layout.format;
  if (!event) throw new Error(`BUG: ${name} does not say what its events are`);
  const template = (column: keyof typeof event.columns) => templateExpression(event.columns[column] ?? '', fields);
  const first = (one: string, other: string) => (one === "''" ? other : `if(${one} != '', ${one}, ${other})`);
  return {
    time: 'assumeNotNull(p_time)',
    time_from: "'event'",
    level: levelExpression(event.levels, fields),
    logger: template('logger'),
    message: template('message'),
    service: first(template('service'), '{services:Array(String)}[object]'),
    host: first(template('host'), '{hosts:Array(String)}[object]'),
    group: first(opening ? 'log_group' : "''", '{groups:Array(String)}[object]'),
    stream: first(opening ? 'log_stream' : "''", '{streams:Array(String)}[object]'),
    request_id: template('request_id'),
    trace_id: template('trace_id'),
    event_id: first(opening ? 'event_id' : "''", template('event_id')),
    shape: '{format:String}',
    attributes: attributesExpression(layout, fields),
    source_format: '{format:String}',
    filename: '{filenames:Array(String)}[object]',
    ...placeExpressions,
    batch: '{batch:UInt64}',
  };
}

/** Every field under its name in the log, whether or not it fills a column. */
function attributesExpression(layout: Layout, fields: readonly RawField[]): string {
  const known = fields.map(
    ({ field, value }, index) => `{columns:Array(String)}[${index + 1}], ${decoded(value, field?.encoding, false)}`,
  );
  return filledValues(layout, known) ?? 'map()';
}
