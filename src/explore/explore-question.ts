import type { Condition } from '../filters/compile-filter.ts';
import { compileFilter } from '../filters/compile-filter.ts';
import { findField } from '../filters/fields.ts';
import { parseFilter } from '../filters/parse-filter.ts';
import { type ExploredTable, explored } from './explored-table.ts';
import { sqlMoment } from './row-position.ts';

/** Which rows of a table: those of a range for which a filter holds. */
export interface ExploreQuestion {
  readonly table: ExploredTable;
  /** Epoch ms, end exclusive. */
  readonly fromMs: number;
  readonly toMs: number;
  /** As text, see {@link parseFilter}; empty for all rows. */
  readonly q: string;
}

/**
 * The condition of a question on rows, with placeholders. `requests` is sorted by the hour, which the engine does not infer
 * from the time.
 * @throws FilterError when the filter cannot be read
 */
export function conditionOf({ table, fromMs, toMs, q }: ExploreQuestion): Omit<Condition, 'columns'> {
  const { fields } = explored[table];
  const filter = compileFilter(parseFilter(q, fields), fields);
  const conditions = [
    "time >= {from:DateTime64(3, 'UTC')} AND time < {to:DateTime64(3, 'UTC')}",
    ...(table === 'requests'
      ? [
          "toStartOfHour(time) >= toStartOfHour({from:DateTime64(3, 'UTC')}) AND toStartOfHour(time) <= toStartOfHour({to:DateTime64(3, 'UTC')})",
        ]
      : []),
    ...(filter.sql === '' ? [] : [filter.sql]),
  ];
  return {
    sql: conditions.join('\n  AND '),
    params: { ...filter.params, from: sqlMoment(fromMs), to: sqlMoment(toMs) },
  };
}

/**
 * SQL of a column that can be shown: a column of the table, a field of the filter, or a value by its key.
 * @returns undefined when there is none of this name
 */
export function columnSql(table: ExploredTable, name: string, bind: (key: string) => string): string | undefined {
  const { fields, columns } = explored[table];
  if (columns.includes(name)) return name;
  const field = findField(fields, name);
  if (!field) return undefined;
  return field.key === undefined ? field.sql : `${field.sql}[${bind(field.key)}]`;
}
