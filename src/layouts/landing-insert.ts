import type { Statement } from '../engine/engine.ts';
import { withNewlines } from '../framing/events/event-mark.ts';
import { keptText } from '../schema/line-bound.ts';
import { lineKinds } from '../schema/line-kinds.ts';
import { hasRules, type LinePattern, type LineRules } from './line-rules.ts';
import { maskExpression, maskedColumn, maskedColumns } from './mask-text.ts';

/** An INSERT of lines into a landing table, in parts: SQL over `from`. */
export interface LandingInsert {
  readonly table: 'landing' | 'landing_logs';
  /** FROM clause with `object` and `line_number`. */
  readonly from: string;
  readonly lineBytes: string;
  /** The line as received. */
  readonly text: string;
  /** See {@link lineKinds}. */
  readonly kind: string;
  /** Why it is a reject. */
  readonly reason: string;
  /** Name and SQL of each column of a row. */
  readonly columns: readonly (readonly [name: string, sql: string])[];
  readonly params: Readonly<Record<string, unknown>>;
}

/** Columns of every landing table besides those of its rows. */
const landingColumns = ['object', 'line_number', 'line_bytes', 'line', 'kind', 'reason', 'origin'];

/**
 * Compiles the INSERT with filters and masks. A line that is filtered out is counted but not stored. Needs the
 * parameter `origins`.
 */
export function compileLandingInsert(insert: LandingInsert, rules: LineRules = {}): Statement {
  const { table, from, lineBytes, text, kind, reason, columns, params } = insert;
  const names = columns.map(([name]) => name);
  const into = `INSERT INTO ${table} (${[...landingColumns, ...names].join(', ')})`;
  const outputs = columns.map(([, sql], index) => `${sql} AS out_${index}`);
  if (!hasRules(rules)) {
    return {
      sql: `
      ${into}
      SELECT
        object, line_number, ${lineBytes},
        ${textOf('landing_kind', withNewlines(text))}, ${kind} AS landing_kind, ${reason}, ${originOf('landing_kind')},
        ${outputs.join(',\n        ')}
      FROM ${from}`,
      params,
    };
  }
  const out = leftOut(rules, names);
  const final = `multiIf(
          landing_kind = ${lineKinds.row} AND (${out.row}), ${lineKinds.excluded},
          landing_kind = ${lineKinds.reject} AND (${out.reject}), ${lineKinds.excluded},
          landing_kind) AS final_kind`;
  const { mask = {} } = rules;
  return {
    sql: `
      ${into}
      SELECT
        object, line_number, landing_bytes,
        ${maskExpression(mask, textOf('final_kind', 'landing_text'))}, final_kind, landing_reason, ${originOf('final_kind')},
        ${names.map((name, index) => maskedColumn(mask, name, `out_${index}`)).join(', ')}
      FROM (
        SELECT *, ${final}
        FROM (
          SELECT
            object, line_number, ${lineBytes} AS landing_bytes, ${withNewlines(text)} AS landing_text, ${kind} AS landing_kind,
            ${reason} AS landing_reason,
            ${outputs.join(',\n            ')}
          FROM ${from}
        )
      )`,
    params: { ...params, ...out.params },
  };
}

/** The text of a stored line is no longer needed, and it is most of a block's memory. */
function textOf(kind: string, text: string): string {
  return `if(${kind} IN (${lineKinds.row}, ${lineKinds.excluded}), '', ${keptText(text)})`;
}

function originOf(kind: string): string {
  return `if(${kind} = ${lineKinds.row}, '', {origins:Array(String)}[object])`;
}

/** SQL of whether a row and a reject are filtered out. A reject has no columns, so filters on columns keep it. */
function leftOut({ include = [], exclude = [] }: LineRules, names: readonly string[]) {
  const params: Record<string, string> = {};
  const matches = ({ pattern, column }: LinePattern) => {
    const param = `rule_${Object.keys(params).length}`;
    params[param] = pattern;
    return `match(${column === undefined ? 'landing_text' : columnValue(column, names)}, {${param}:String})`;
  };
  const any = (patterns: readonly LinePattern[]) => patterns.map(matches).join(' OR ') || 'false';
  const ofLine = (patterns: readonly LinePattern[]) => patterns.filter(({ column }) => column === undefined);
  const notIncluded = (patterns: readonly LinePattern[]) =>
    patterns.length === 0 ? 'false' : `NOT (${any(patterns)})`;
  const isByLine = ofLine(include).length === include.length;
  return {
    row: `(${any(exclude)}) OR ${notIncluded(include)}`,
    reject: `(${any(ofLine(exclude))}) OR ${isByLine ? notIncluded(include) : 'false'}`,
    params,
  };
}

/** A column of the table; any other name is looked up in the map of values without a column. */
function columnValue(column: string, names: readonly string[]): string {
  const place = names.indexOf(column);
  if (place !== -1) return `ifNull(toString(out_${place}), '')`;
  const map = names.findIndex((name) => maskedColumns.maps.includes(name));
  return map === -1 ? "''" : `out_${map}['${column.replace(/[\\']/g, '\\$&')}']`;
}
