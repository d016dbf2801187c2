import type { Engine } from '../engine/engine.ts';
import { quoteIdentifier } from '../schema/quote-identifier.ts';
import { askRows } from './ask-rows.ts';
import { columnSql, conditionOf, type ExploreQuestion } from './explore-question.ts';
import {
  positionColumns,
  positionOrder,
  positionParameters,
  positionText,
  positionValues,
  type RowPosition,
} from './row-position.ts';

export type ExploredRow = Readonly<Record<string, unknown>> & {
  /** Its position, as text. */
  readonly row: string;
};

export interface FoundRows {
  /** Newest first. */
  readonly rows: readonly ExploredRow[];
  /** Whether there are older ones. */
  readonly hasMore: boolean;
}

export interface RowsQuestion extends ExploreQuestion {
  /** Names that {@link columnSql} knows. */
  readonly columns: readonly string[];
  /** Most rows. */
  readonly limit: number;
  /** Rows older than this one. */
  readonly before?: RowPosition;
}

const hourMs = 3_600_000;
/** Each look is so many times as long as the one before. */
const growth = 4;

/**
 * The newest rows of a range. It looks at the last hour, and then at longer and longer times before, until it has as many as are
 * asked for: of a dense range little is read, and of a rare value hardly more than if all were looked at at once.
 * @throws EngineError; FilterError when the filter cannot be read
 */
export async function findRows(engine: Engine, question: RowsQuestion, signal: AbortSignal): Promise<FoundRows> {
  const { fromMs, toMs, limit, before } = question;
  const rows: ExploredRow[] = [];
  let endMs = before ? Math.min(toMs, before.timeMs + 1) : toMs;
  for (let lengthMs = hourMs; endMs > fromMs && rows.length <= limit; lengthMs *= growth) {
    const startMs = Math.max(fromMs, Math.floor((endMs - lengthMs) / hourMs) * hourMs);
    const most = limit + 1 - rows.length;
    rows.push(...(await lookAt(engine, { ...question, fromMs: startMs, toMs: endMs }, most, signal)));
    endMs = startMs;
  }
  return { rows: rows.slice(0, limit), hasMore: rows.length > limit };
}

function lookAt(engine: Engine, question: RowsQuestion, most: number, signal: AbortSignal): Promise<ExploredRow[]> {
  const { table, before } = question;
  const { columns, params } = selectColumns(question);
  const condition = conditionOf(question);
  return askRows(
    engine,
    {
      sql: `
        SELECT ${[`${positionText} AS row`, ...columns].join(', ')}
        FROM ${table}
        WHERE ${condition.sql}${before ? `\n  AND (${positionColumns.join(', ')}) < ${positionValues}` : ''}
        ORDER BY ${positionOrder}
        LIMIT {most:UInt32}`,
      params: { ...condition.params, ...params, ...(before ? positionParameters(before) : {}), most },
    },
    signal,
  );
}

/** SQL of the columns, each under the name that was asked for. */
export function selectColumns({ table, columns }: Pick<RowsQuestion, 'table' | 'columns'>): {
  readonly columns: readonly string[];
  readonly params: Readonly<Record<string, string>>;
} {
  const params: Record<string, string> = {};
  const bind = (key: string) => {
    const name = `key_${Object.keys(params).length + 1}`;
    params[name] = key;
    return `{${name}:String}`;
  };
  const selected = columns.map((name) => {
    const sql = columnSql(table, name, bind);
    if (sql === undefined) throw new Error(`BUG: ${table} has no column ${name}`);
    return sql === name ? name : `${sql} AS ${quoteIdentifier(name)}`;
  });
  return { columns: selected, params };
}
