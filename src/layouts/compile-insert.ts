import type { Statement } from '../engine/engine.ts';
import type { LoggedColumn } from '../schema/requests.ts';
import { extraExpression } from './extra-expression.ts';
import { columnExpressions } from './field-expressions.ts';
import { judgedLines, type LineWindow, landingParts, linesThatAre, verdictFilterSettings } from './judged-lines.ts';
import { compileLandingInsert, type LandingInsert } from './landing-insert.ts';
import type { Layout } from './layout.ts';
import type { LineRules } from './line-rules.ts';
import { noPlaces, type ObjectPlaces, placeExpressions } from './object-place.ts';
import type { Opening } from './opening/opening-step.ts';
import { type RawField, rawFields, valueSteps } from './raw-field.ts';
import { splitLines, splitParams } from './split-expression.ts';

/** Where the lines of one INSERT come from. The arrays are by object: the first entry is object 1. */
export interface Origin {
  /** The batch's id, a UInt64 in decimal digits. */
  readonly batch: string;
  /** Full names of the objects, for rejects and the ledger. */
  readonly origins: readonly string[];
  readonly filenames: readonly string[];
  /** Distribution ids; empty where the object's name does not contain one. */
  readonly distributions: readonly string[];
  readonly place?: ObjectPlaces;
  readonly window?: LineWindow;
  /** Transports stripped from each line before it is parsed. */
  readonly opening?: Opening;
  /** Whether lines that do not fit belong to another writer and are not rejects. */
  readonly isAmongOthers?: boolean;
  /** What is dropped and masked. */
  readonly rules?: LineRules;
}

/**
 * Compiles a layout to the INSERT … SELECT that splits every line of `source`, types it, and writes it to `landing`,
 * whose views route it to `requests` (enriched on the way), `rejects` and the tallies.
 *
 * The inner names (`raw`, `pairs`, `verdict`, `p_…`) differ from all stored columns: an alias that equals a
 * column's name would silently change what other expressions refer to.
 */
export function compileInsert(layout: Layout, origin: Origin, source: string): Statement {
  const judged = judgedLines(layout, source, origin);
  const { fields, sql, params } = judged;
  const logged = columnExpressions(layout, fields);
  const stored = new Map<string, string>([
    ['time', 'assumeNotNull(p_time)'],
    ...logged,
    ...originExpressions(layout, fields, origin, logged),
  ]);
  const insert: LandingInsert = {
    table: 'landing',
    from: origin.isAmongOthers ? linesThatAre('rows', judged) : sql,
    ...landingParts(origin.opening),
    columns: [...stored],
    params: {
      ...params,
      batch: origin.batch,
      origins: origin.origins,
      filenames: origin.filenames,
      distributions: origin.distributions,
      ...(origin.place ?? noPlaces),
      sampling_rate: layout.samplingRate,
      format: layout.format.name,
    },
  };
  const statement = compileLandingInsert(insert, origin.rules);
  return origin.isAmongOthers ? { ...statement, settings: verdictFilterSettings } : statement;
}

/** Compiles the INSERT that writes the distinct user agents of the first lines to `user_agent_probe`. */
export function compileProbe(layout: Layout, source: string, lines: number): Statement {
  const fields = rawFields(layout);
  const userAgent = columnExpressions(layout, fields).get('user_agent') ?? "''";
  const values = valueSteps(layout, fields).map(([name, sql]) => `${sql} AS ${name}`);
  const first = `(SELECT * FROM ${source} LIMIT {lines:UInt64})`;
  return {
    sql: `INSERT INTO user_agent_probe SELECT DISTINCT ${userAgent} FROM (SELECT *, ${values.join(', ')} FROM (${splitLines(layout, first)}))`,
    params: {
      ...splitParams(layout),
      lines,
    },
  };
}

function originExpressions(
  layout: Layout,
  fields: readonly RawField[],
  origin: Origin,
  logged: ReadonlyMap<LoggedColumn, string>,
): [string, string][] {
  const own = extraExpression(layout, fields);
  const carried = origin.opening ? "CAST(carried, 'Map(String, String)')" : undefined;
  const extra = own && carried ? `mapConcat(${carried}, ${own})` : (own ?? carried);
  return [
    ['source_format', '{format:String}'],
    ['filename', byObject('filenames', origin.filenames)],
    ...(isSomewhere(origin.place) ? Object.entries(placeExpressions) : []),
    ['distribution', distributionExpression(fields, origin, logged)],
    ['sampling_rate', '{sampling_rate:UInt8}'],
    ['batch', '{batch:UInt64}'],
    ...(extra ? ([['extra', extra]] as [string, string][]) : []),
  ];
}

/** Most files are in no bucket, and their names do not tell the origin. */
function isSomewhere(place: ObjectPlaces = noPlaces): boolean {
  return Object.values(place).some((values: readonly string[]) => values.some((value) => value !== ''));
}

/** A constant when there is one object, which saves an array look-up per row. */
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
