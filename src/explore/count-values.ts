import type { Engine } from '../engine/engine.ts';
import type { Field } from '../filters/fields.ts';
import { askRows } from './ask-rows.ts';
import { conditionOf, type ExploreQuestion } from './explore-question.ts';
import { sqlMoment } from './row-position.ts';

export interface FieldValues {
  /** The most frequent first; a value that is missing is an empty text. */
  readonly values: readonly { readonly value: string; readonly rows: number }[];
  /** Rows that were counted. */
  readonly rows: number;
  /** How many different values these have. */
  readonly different: number;
  /** What was counted: all of the range, or its newest part, epoch ms. */
  readonly fromMs: number;
  readonly toMs: number;
}

export interface ValuesQuestion extends ExploreQuestion {
  readonly field: Field;
  /** Only values that have this text in them, whatever its case. */
  readonly contains: string;
  /** Most values. */
  readonly limit: number;
}

/** Counted at once; a list of values is a look aside, and must come while somebody waits for it. */
export const mostCounted = 3_000_000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * The most frequent values of a field, counted exactly. Of a range with more than {@link mostCounted} rows the newest hours
 * alone are counted, which the answer says.
 * @throws EngineError; FilterError when the filter cannot be read
 */
export async function countValues(engine: Engine, question: ValuesQuestion, signal: AbortSignal): Promise<FieldValues> {
  const { table, field, contains, limit, toMs } = question;
  const fromMs = await findStart(engine, question, signal);
  const condition = conditionOf({ ...question, fromMs });
  const value = field.key === undefined ? field.sql : `${field.sql}[{field_key:String}]`;
  const counted = await askRows<{ value: string; rows: number; total: number; different: number }>(
    engine,
    {
      sql: `
        SELECT value, count() AS rows, sum(rows) OVER () AS total, count() OVER () AS different
        FROM (
          SELECT ifNull(toString(${value}), '') AS value
          FROM ${table}
          WHERE ${condition.sql}
        )
        ${contains === '' ? '' : 'WHERE positionCaseInsensitiveUTF8(value, {contains:String}) > 0'}
        GROUP BY value
        ORDER BY rows DESC, value
        LIMIT {limit:UInt32}`,
      params: { ...condition.params, field_key: field.key ?? '', contains, limit },
    },
    signal,
  );
  const { total = 0, different = 0 } = counted[0] ?? {};
  return {
    values: counted.map(({ value, rows }) => ({ value, rows })),
    ...{ rows: total, different, fromMs, toMs },
  };
}

/** Where the newest rows of the range begin that are few enough. Reads how many rows each day has, which the parts know. */
async function findStart(
  engine: Engine,
  { table, fromMs, toMs }: ExploreQuestion,
  signal: AbortSignal,
): Promise<number> {
  const days = await askRows<{ day: string; rows: number }>(
    engine,
    {
      sql: `
        SELECT toDate(time) AS day, count() AS rows
        FROM ${table}
        WHERE toDate(time) >= {from:Date} AND toDate(time) <= {to:Date}
        GROUP BY toDate(time)
        ORDER BY day DESC`,
      params: { from: sqlMoment(fromMs).slice(0, 10), to: sqlMoment(toMs - 1).slice(0, 10) },
    },
    signal,
  );
  let room = mostCounted;
  for (const { day, rows } of days) {
    const startMs = Date.parse(`${day}T00:00Z`);
    const endMs = Math.min(toMs, startMs + dayMs);
    // As if the rows of a day were spread evenly over it.
    const within = (rows * (endMs - Math.max(fromMs, startMs))) / dayMs;
    if (within > room) {
      const hours = Math.max(1, Math.floor(((room / within) * (endMs - Math.max(fromMs, startMs))) / hourMs));
      return Math.max(fromMs, Math.floor(endMs / hourMs - hours) * hourMs);
    }
    room -= within;
  }
  return fromMs;
}
