import { lineKinds } from '../schema/line-kinds.ts';
import { type ParsedNumber, parsedNumbers } from './field-expressions.ts';
import { type Framing, type Layout, listKey } from './layout.ts';
import type { LineRules } from './line-rules.ts';
import { commentVerdict, lineVerdict } from './line-verdict.ts';
import { timeParams } from './logs/epoch-expression.ts';
import { openedColumns, openedLines } from './opening/opened-lines.ts';
import type { Opening } from './opening/opening-step.ts';
import { type RawField, rawFields, valueSteps } from './raw-field.ts';
import { splitLines, splitParams } from './split-expression.ts';
import { timeExpression } from './time-expression.ts';
import { valueParts } from './value-parts.ts';

/** The parts of {@link LandingInsert} that are the same for every table. */
export function landingParts(opening?: Opening) {
  return {
    lineBytes: 'line_bytes',
    text: opening ? 'received' : 'line',
    kind: `multiIf(verdict = 0, ${lineKinds.row}, verdict = ${commentVerdict}, ${lineKinds.comment}, ${lineKinds.reject})`,
    reason: '{reasons:Array(String)}[verdict]',
  };
}

/** Only lines `from <= number < until`: for a file that grew or whose columns change midway. */
export interface LineWindow {
  readonly from: number;
  readonly until: number;
}

/** The lines of a source, taken apart and judged by a layout. */
export interface JudgedLines {
  readonly fields: readonly RawField[];
  /**
   * Subquery with `object`, `line_number`, `line`, `line_bytes`, `raw`, the framing's columns, the values, `p_time` (Nullable),
   * the parsed numbers and parts of values, and `verdict` (see {@link lineVerdict}).
   */
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * Compiles the part of an INSERT that is the same for every table.
 * @param source FROM clause with `object`, `line_number` and `line`; used once
 * @param options.opening transports stripped from a line first; their columns pass through
 */
export function judgedLines(
  layout: Layout,
  source: string,
  { window, opening, rules }: { readonly window?: LineWindow; readonly opening?: Opening; readonly rules?: LineRules },
): JudgedLines {
  const fields = rawFields(layout);
  const numbers: readonly ParsedNumber[] = parsedNumbers(layout, fields);
  const numberSteps = numbers.map(({ raw, expression }) => [raw.parsedAs, expression] as const);
  const partSteps = fields.flatMap((raw) => valueParts(raw)?.steps ?? []);
  const time = timeExpression(layout.format, fields);
  const isListed = listKey(layout.framing) !== undefined;
  const received = opening && !isListed ? 'received' : 'line';
  const verdict = lineVerdict(layout, fields, numbers, received);
  const where = window ? 'WHERE line_number >= {from_line:UInt64} AND line_number < {until_line:UInt64}' : '';
  const carried = opening ? openedColumns : [];
  const inner = [
    'object',
    'line_number',
    `${lineText(layout, rules)} AS line`,
    listKey(layout.framing) === undefined ? `length(${opening ? 'received' : 'line'}) AS line_bytes` : 'line_bytes',
    'raw',
    ...framingNames[layout.framing.kind],
    ...carried,
  ];
  return {
    fields,
    sql: `(
        SELECT
          ${inner.join(', ')},
          ${[...valueSteps(layout, fields), ...time.steps, ['p_time', time.expression] as const, ...numberSteps, ...partSteps].map(([name, sql]) => `${sql} AS ${name},`).join('\n          ')}
          toUInt16(${verdict.expression}) AS verdict
        FROM (${opening ? splitLines(layout, openedLines(where ? `(SELECT * FROM ${source} ${where})` : source, opening), '', carried) : splitLines(layout, source, where)})
      )`,
    params: {
      ...timeParams,
      ...splitParams(layout),
      header: layout.framing.kind === 'delimited' ? layout.framing.header : '',
      reasons: verdict.reasons,
      from_line: window?.from ?? 0,
      until_line: window?.until ?? 0,
    },
  };
}

/**
 * FROM clause of the {@link JudgedLines} that are rows, or of all others; needs {@link verdictFilterSettings}. A
 * condition behind a LIMIT stays where it is; any other one takes seconds to plan (docs/decisions/0019).
 */
export function linesThatAre(kind: 'rows' | 'no rows', { sql }: JudgedLines): string {
  return `(SELECT * FROM (SELECT * FROM ${sql} LIMIT ${mostLines}) WHERE verdict ${kind === 'rows' ? '=' : '!='} 0)`;
}

/** Merged into one step, the expressions behind a filter run twice as long in twice the memory. */
export const verdictFilterSettings = { query_plan_merge_expressions: 0 };

/** More than any source has. */
const mostLines = 10 ** 15;

/** A Parquet row has no text: a rejected one is kept as a JSON object. */
function lineText(layout: Layout, rules: LineRules | undefined): string {
  if (layout.framing.kind !== 'parquet') return 'line';
  const json = 'toJSONString(mapFromArrays({columns:Array(String)}, raw))';
  return rules ? json : `if(verdict = 0, '', ${json})`;
}

/** The columns that the split of each framing makes besides `raw`. */
const framingNames: Readonly<Record<Framing['kind'], readonly string[]>> = {
  delimited: [],
  json: ['pairs'],
  keyed: ['raw_keys', 'rest'],
  parquet: [],
  pattern: ['matched'],
  tokens: [],
};
