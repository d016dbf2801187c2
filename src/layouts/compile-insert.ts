import type { Statement } from '../engine/engine.ts';
import { isTime } from '../formats/format.ts';
import { lineKinds } from '../schema/line-kinds.ts';
import type { LoggedColumn } from '../schema/requests.ts';
import { decoded } from './decode-expression.ts';
import { columnExpressions, parsedNumbers } from './field-expressions.ts';
import type { Framing, Layout } from './layout.ts';
import { commentVerdict, lineVerdict } from './line-verdict.ts';
import { type RawField, rawFields } from './raw-field.ts';
import { splitLines } from './split-expression.ts';
import { timeExpression } from './time-expression.ts';
import { valueParts } from './value-parts.ts';

/** Where the lines of one INSERT come from. The arrays are by object: the first entry is object 1. */
export interface Origin {
  /** The batch's id, a UInt64 in decimal digits. */
  readonly batch: string;
  /** Full names of the objects, for rejects and the ledger. */
  readonly origins: readonly string[];
  readonly filenames: readonly string[];
  /** Distribution ids; empty where the object's name does not tell. */
  readonly distributions: readonly string[];
  /** Only lines `from <= number < until`: for a file that grew, or whose columns change midway. */
  readonly window?: { readonly from: number; readonly until: number };
}

/**
 * Compiles a layout to the INSERT … SELECT that takes every line of `source` apart, types it, and hands it to `landing`,
 * which passes it on to `requests` (enriched on the way), `rejects` and the tallies.
 *
 * The inner names (`raw`, `pairs`, `verdict`, `p_…`) are names that no stored column has: an alias that equals a
 * column's name would silently change what other expressions see.
 */
export function compileInsert(layout: Layout, origin: Origin, source: string): Statement {
  const fields = rawFields(layout);
  const numbers = parsedNumbers(layout, fields);
  const numberSteps = numbers.map(({ raw, expression }) => [raw.parsedAs, expression] as const);
  const partSteps = fields.flatMap((raw) => valueParts(raw)?.steps ?? []);
  const verdict = lineVerdict(layout, fields, numbers);
  const logged = columnExpressions(layout, fields);
  const stored = new Map<string, string>([
    ['time', 'assumeNotNull(p_time)'],
    ...logged,
    ...originExpressions(layout, fields, origin, logged),
  ]);
  const window = origin.window ? 'WHERE line_number >= {from_line:UInt64} AND line_number < {until_line:UInt64}' : '';
  const inner = ['object', 'line_number', `${lineText(layout)} AS line`, 'raw', ...framingNames[layout.framing.kind]];

  return {
    sql: `
      INSERT INTO landing (object, line_number, line_bytes, line, kind, reason, origin, ${[...stored.keys()].join(', ')})
      SELECT
        object, line_number, length(line),
        -- The text of a stored line is not needed any more, and it is most of what a block weighs.
        if(verdict = 0, '', line),
        multiIf(verdict = 0, ${lineKinds.row}, verdict = ${commentVerdict}, ${lineKinds.comment}, ${lineKinds.reject}),
        {reasons:Array(String)}[verdict],
        if(verdict = 0, '', {origins:Array(String)}[object]),
        ${[...stored.values()].map((expression, index) => `${expression} AS out_${index}`).join(',\n        ')}
      FROM (
        SELECT
          ${inner.join(', ')},
          ${timeExpression(layout.format, fields)} AS p_time,
          ${[...numberSteps, ...partSteps].map(([name, sql]) => `${sql} AS ${name},`).join('\n          ')}
          toUInt16(${verdict.expression}) AS verdict
        FROM (${splitLines(layout, source, window)})
      )`,
    params: {
      batch: origin.batch,
      origins: origin.origins,
      filenames: origin.filenames,
      distributions: origin.distributions,
      columns: layout.columns,
      delimiter: layout.framing.kind === 'delimited' ? layout.framing.delimiter : '',
      header: layout.framing.kind === 'delimited' ? layout.framing.header : '',
      sampling_rate: layout.samplingRate,
      format: layout.format.name,
      reasons: verdict.reasons,
      from_line: origin.window?.from ?? 0,
      until_line: origin.window?.until ?? 0,
    },
  };
}

/** Compiles the INSERT that shows the user agents of the first lines to `user_agent_probe`, each once. */
export function compileProbe(layout: Layout, source: string, lines: number): Statement {
  const userAgent = columnExpressions(layout, rawFields(layout)).get('user_agent') ?? "''";
  const first = `(SELECT * FROM ${source} LIMIT {lines:UInt64})`;
  return {
    sql: `INSERT INTO user_agent_probe SELECT DISTINCT ${userAgent} FROM (${splitLines(layout, first)})`,
    params: {
      columns: layout.columns,
      delimiter: layout.framing.kind === 'delimited' ? layout.framing.delimiter : '',
      lines,
    },
  };
}

/** A Parquet row has no bytes of its own: a rejected one is kept as a JSON object. */
function lineText(layout: Layout): string {
  if (layout.framing.kind !== 'parquet') return 'line';
  return "if(verdict = 0, '', toJSONString(mapFromArrays({columns:Array(String)}, raw)))";
}

function originExpressions(
  layout: Layout,
  fields: readonly RawField[],
  origin: Origin,
  logged: ReadonlyMap<LoggedColumn, string>,
): [string, string][] {
  const extra = extraExpression(layout, fields);
  return [
    ['source_format', '{format:String}'],
    ['filename', byObject('filenames', origin.filenames)],
    ['distribution', distributionExpression(fields, origin, logged)],
    ['sampling_rate', '{sampling_rate:UInt8}'],
    ['batch', '{batch:UInt64}'],
    ...(extra ? ([['extra', extra]] as [string, string][]) : []),
  ];
}

/** A constant when there is one object: the engine then makes no array look-up a row. */
function byObject(param: 'filenames' | 'distributions', values: readonly string[]): string {
  return `{${param}:Array(String)}[${values.length === 1 ? '1' : 'object'}]`;
}

/** From the object's name; else an id in the line itself; else the distribution's domain name. */
function distributionExpression(
  fields: readonly RawField[],
  origin: Origin,
  logged: ReadonlyMap<LoggedColumn, string>,
): string {
  const named = byObject('distributions', origin.distributions);
  if (origin.distributions.every((id) => id !== '')) return named;
  const logs = fields.filter(
    ({ field }) => field?.name === 'distributionid' || field?.name === 'primary-distribution-id',
  );
  const candidates = [
    ...logs.map(({ value }) => `if(${value} = '-', '', ${value})`),
    logged.get('distribution_domain') ?? "''",
  ];
  const fallback = candidates.reduceRight(
    (rest, candidate) => `if(${candidate} != '', toString(${candidate}), ${rest})`,
    "''",
  );
  return origin.distributions.some((id) => id !== '') ? `if(${named} != '', ${named}, ${fallback})` : fallback;
}

/** Every value that has no column: fields without one, names that the format does not know, unexpected JSON keys. */
function extraExpression(layout: Layout, fields: readonly RawField[]): string | undefined {
  const known = fields.flatMap((raw, index) => {
    const sql = keptValue(layout, raw);
    const name = raw.unlike === undefined ? `{columns:Array(String)}[${index + 1}]` : `'${placeName(index + 1)}'`;
    return sql === undefined ? [] : [`${name}, ${sql}`];
  });
  const maps = [known.length > 0 ? `map(${known.join(', ')})` : '', unexpectedValues(layout)].filter(
    (map) => map !== '',
  );
  if (maps.length === 0) return undefined;
  const all = maps.length === 1 ? maps[0] : `mapConcat(${maps.join(', ')})`;
  // Objects and lists of nested JSON that hold nothing say nothing.
  const nothing = layout.format.framing?.kind === 'json' ? "'', '-', '[]', '{}'" : "'', '-'";
  return `mapFilter((k, v) -> v NOT IN (${nothing}), ${all})`;
}

/** SQL of what `extra` keeps of a column under its own name; `undefined` where other columns say all of it. */
function keptValue(layout: Layout, raw: RawField): string | undefined {
  const { field, value } = raw;
  if (raw.unlike !== undefined) return raw.unlike;
  const parts = valueParts(raw);
  if (parts) return parts.remainder;
  if (field && (field.column || isTime(field.type))) return undefined;
  const { unknownNumber } = layout.format;
  if (/^(milli)?seconds$/.test(field?.type ?? '') && unknownNumber)
    return `if(${value} = '${unknownNumber}', '', ${value})`;
  return decoded(value, field?.encoding, false);
}

/** What a value is called in `extra` whose place in the line is all that is known of it. */
function placeName(place: number): string {
  return `field_${place}`;
}

/** SQL of a map: keys that the layout does not name, and tokens behind those that the table names. */
function unexpectedValues({ framing, columns }: Layout): string {
  switch (framing.kind) {
    case 'json':
      return `if(mapKeys(pairs) = {columns:Array(String)}, CAST(map() AS Map(String, String)), mapFilter((k, v) -> NOT has({columns:Array(String)}, k), pairs))`;
    case 'tokens':
    case 'pattern':
      return `mapFromArrays(
        arrayMap(more -> concat('field_', toString(more)), range(${columns.length + 1}, length(raw) + 1)),
        arraySlice(raw, ${columns.length + 1}))`;
    default:
      return '';
  }
}

/** What the split of each framing makes besides `raw`. */
const framingNames: Readonly<Record<Framing['kind'], readonly string[]>> = {
  delimited: [],
  json: ['pairs'],
  parquet: [],
  pattern: ['matched'],
  tokens: [],
};
