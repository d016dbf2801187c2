import type { Engine } from '../engine/engine.ts';
import { EngineError } from '../engine/engine-error.ts';
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
/** Rows that are read at once of all that is left; the engine knows from its indexes, before it reads, whether there are more. */
const mostAtOnce = 3_000_000;
/** TOO_MANY_ROWS of the engine. */
const tooManyRows = 158;

/**
 * The newest rows of a range. It looks at the last hour; then at all that is left, if the engine's indexes leave little of it to read, as
 * they do where a request id or an address is sought; and otherwise at longer and longer times before. So of a dense range little is
 * read, and of a rare value hardly more than if all were looked at at once.
 * @throws EngineError; FilterError when the filter cannot be read
 */
export async function findRows(
  engine: Engine,
  question: RowsQuestion,
  signal: AbortSignal,
  atOnce = mostAtOnce,
): Promise<FoundRows> {
  const { fromMs, toMs, limit, before } = question;
  const rows: ExploredRow[] = [];
  let endMs = before ? Math.min(toMs, before.timeMs + 1) : toMs;
  const look = async (startMs: number, mostRead?: number) => {
    const most = limit + 1 - rows.length;
    rows.push(...(await lookAt(engine, { ...question, fromMs: startMs, toMs: endMs }, { most, mostRead, signal })));
    endMs = startMs;
  };
  for (let lengthMs = hourMs; endMs > fromMs && rows.length <= limit; lengthMs *= growth) {
    const startMs = Math.max(fromMs, Math.floor((endMs - lengthMs) / hourMs) * hourMs);
    const isSecond = lengthMs === hourMs * growth;
    if (isSecond && startMs > fromMs && (await isDone(look(fromMs, atOnce)))) break;
    await look(startMs);
  }
  return { rows: rows.slice(0, limit), hasMore: rows.length > limit };
}

/** @returns false when it would have read too much */
async function isDone(look: Promise<void>): Promise<boolean> {
  try {
    await look;
    return true;
  } catch (cause) {
    if (cause instanceof EngineError && cause.clickhouseCode === tooManyRows) return false;
    throw cause;
  }
}

interface Look {
  readonly most: number;
  /** Rows that the engine may read; more fail. */
  readonly mostRead: number | undefined;
  readonly signal: AbortSignal;
}

function lookAt(engine: Engine, question: RowsQuestion, { most, mostRead, signal }: Look): Promise<ExploredRow[]> {
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
      ...(mostRead === undefined ? {} : { settings: { max_rows_to_read: mostRead } }),
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
