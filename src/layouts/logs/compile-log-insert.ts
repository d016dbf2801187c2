import type { Statement } from '../../engine/engine.ts';
import { impliedLevel } from '../../formats/logs/levels.ts';
import { plainText, shapesOf } from '../../formats/logs/shapes-of.ts';
import { jsonText } from '../../formats/transports.ts';
import { isTooLong, tooLongReason } from '../../schema/line-bound.ts';
import { lineKinds } from '../../schema/line-kinds.ts';
import type { LogColumn } from '../../schema/logs.ts';
import { judgedLines, linesThatAre, verdictFilterSettings } from '../judged-lines.ts';
import { compileLandingInsert, type LandingInsert } from '../landing-insert.ts';
import type { Layout } from '../layout.ts';
import type { LineRules } from '../line-rules.ts';
import { noPlaces, type ObjectPlaces, placeExpressions } from '../object-place.ts';
import { openedColumns, openedLines, openFurther } from '../opening/opened-lines.ts';
import type { Opening } from '../opening/opening-step.ts';
import { isTime } from './epoch-expression.ts';
import type { LogLayout } from './log-layout.ts';
import { isTraceHeader, pickParams, pickValues } from './pick-values.ts';
import { splitParams, splitShapes } from './split-shapes.ts';

/** Where the lines of one INSERT come from. The arrays are by object: the first entry is object 1. */
export interface LogOrigin {
  /** The batch's id, a UInt64 in decimal digits. */
  readonly batch: string;
  /** Full names of the objects, for rejects and the ledger. */
  readonly origins: readonly string[];
  readonly filenames: readonly string[];
  readonly place?: ObjectPlaces;
  /** Defaults for every line that does not state its own; empty where unknown. */
  readonly groups: readonly string[];
  readonly streams: readonly string[];
  readonly services: readonly string[];
  readonly hosts: readonly string[];
  /** Time of lines without one, milliseconds since 1970; 0 for now. */
  readonly arrivedAtMs: readonly number[];
  /** Transports stripped from each line before it is parsed. */
  readonly opening?: Opening;
  /** Only lines `from <= number < until` of the source. */
  readonly window?: { readonly from: number; readonly until: number };
  /** What is dropped and masked. */
  readonly rules?: LineRules;
}

/**
 * Compiles a layout to the INSERT … SELECT that splits each line of `source` for `landing_logs`, whose views
 * route it to `logs`, `rejects` and the tallies.
 *
 * @param source FROM clause with `object`, `line_number` and `line`; used once
 */
export function compileLogInsert(layout: LogLayout, origin: LogOrigin, source: string): Statement {
  const { format, onlyJson, requests } = layout;
  const stored = Object.entries(columnExpressions(layout));
  const insert: LandingInsert = {
    table: 'landing_logs',
    from: `(
        SELECT
          *,
          multiIf(
            match(line, '^\\\\s*$'), '',
            ${isTooLong('received')}, '${tooLongReason}',
            envelope_problem != '', envelope_problem,
            ${onlyJson ? "empty(json) AND JSONType(text) != 'Object', 'not a JSON object'," : ''}
            '') AS problem,
          multiIf(problem != '', ${lineKinds.reject}, match(line, '^\\\\s*$'), ${lineKinds.comment}, ${lineKinds.row}) AS line_kind
        FROM ${pickValues(format, splitShapes(format, linesOf(layout, origin, source)))}
      )`,
    lineBytes: 'length(received)',
    text: 'received',
    kind: 'line_kind',
    reason: 'problem',
    columns: stored,
    params: {
      ...(requests ? judgedLines(requests, source, {}).params : {}),
      ...splitParams(format),
      ...pickParams(format),
      shape_names: shapesOf(format).map(({ name }) => (typeof name === 'string' ? name : '')),
      implying_keys: impliedLevel.keys,
      format: format.name,
      batch: origin.batch,
      origins: origin.origins,
      filenames: origin.filenames,
      ...(origin.place ?? noPlaces),
      groups: origin.groups,
      streams: origin.streams,
      services: origin.services,
      hosts: origin.hosts,
      arrived_at_ms: origin.arrivedAtMs,
      from_line: origin.window?.from ?? 0,
      until_line: origin.window?.until ?? 0,
    },
  };
  const statement = compileLandingInsert(insert, origin.rules);
  return requests ? { ...statement, settings: verdictFilterSettings } : statement;
}

/** The lines with their envelope's metadata and the arrival time of their object. */
function linesOf({ requests }: LogLayout, { opening = { steps: [] }, window }: LogOrigin, source: string): string {
  const where = window ? 'WHERE line_number >= {from_line:UInt64} AND line_number < {until_line:UInt64}' : '';
  const lines = where === '' ? source : `(SELECT * FROM ${source} ${where})`;
  const arrived = '{arrived_at_ms:Array(Int64)}[object]';
  return `(
    SELECT
      object, line_number, line, ${openedColumns.join(', ')},
      multiIf(
        ${isTime('event_time_ms')}, event_time_ms,
        ${arrived} > 0, ${arrived},
        toUnixTimestamp64Milli(now64(3))) AS arrived_ms
    FROM ${openFurther(requests ? withoutRequests(requests, opening, lines) : openedLines(lines, opening), jsonText.name)}
  )`;
}

/** The lines that {@link compileInsert} does not make requests of. */
function withoutRequests(requests: Layout, opening: Opening, lines: string): string {
  const others = linesThatAre('no rows', judgedLines(requests, lines, { opening }));
  return `(SELECT object, line_number, line, ${openedColumns.join(', ')} FROM ${others})`;
}

function columnExpressions({ format }: LogLayout): Record<LogColumn, string> {
  const first = (...candidates: readonly string[]) =>
    candidates.reduceRight((rest, candidate) => `if(${candidate} != '', ${candidate}, ${rest})`, "''");
  const group = first('log_group', '{groups:Array(String)}[object]');
  const functionName = `if(startsWith(${group}, '/aws/lambda/'), substring(${group}, 13), '')`;
  return {
    time: "fromUnixTimestamp64Milli(if(picked_time > 0, picked_time, arrived_ms), 'UTC')",
    time_from: `multiIf(picked_time > 0, time_source, ${isTime('event_time_ms')}, 'envelope', 'arrival')`,
    level: `if(picked_level = '' AND hasAll(json.1, {implying_keys:Array(String)}), '${impliedLevel.level}', picked_level)`,
    logger: 'picked_logger',
    message: 'if(choice_message.1 > 0, picked_message, text)',
    service: first('picked_service', '{services:Array(String)}[object]', functionName),
    host: first('picked_host', '{hosts:Array(String)}[object]'),
    group,
    stream: first('log_stream', '{streams:Array(String)}[object]'),
    request_id: 'picked_request_id',
    trace_id: `if(${isTraceHeader('picked_trace_id')}, extract(picked_trace_id, 'Root=([0-9A-Za-z-]+)'), picked_trace_id)`,
    event_id: 'event_id',
    shape: shapeName(format),
    attributes: 'attributes',
    source_format: '{format:String}',
    filename: '{filenames:Array(String)}[object]',
    ...placeExpressions,
    batch: '{batch:UInt64}',
  };
}

/** In some shapes the line names the shape. */
function shapeName(format: LogLayout['format']): string {
  const named = shapesOf(format).flatMap(({ name }, index) =>
    typeof name === 'string'
      ? []
      : [`shape_number = ${index + 1}, arrayFirst(pair -> pair.1 = '${name.fromKey}', json).2`],
  );
  return `multiIf(shape_number = 0, '${plainText}', ${[...named, ''].join(', ')}{shape_names:Array(String)}[shape_number])`;
}
