import { quoteIdentifier } from '../schema/quote-identifier.ts';
import type { Asker } from './answer-rows.ts';
import type { CompiledQuery } from './compile-query.ts';
import { keyOfRow } from './panes.ts';
import type { ResultColumn } from './result-column.ts';
import { viewOf } from './results-view.ts';
import { namedColumns } from './source-rows.ts';
import { readStateSize, type StateSize } from './state-sizes.ts';
import { gridOf, type WindowShape } from './window-query.ts';

/** How a query is answered, for a person. */
export interface WindowExplanation {
  readonly name: string;
  readonly version: string;
  readonly from: string;
  readonly window: WindowShape;
  /** In the engine's normal form. */
  readonly sql: string;
  /**
   * The same SELECT over the rows of one window. Its parameters are the bounds, `from` and `to` (DateTime64), and of a session
   * its `key` (Array(String)).
   */
  readonly question: string;
  /** Where its results can be asked for. */
  readonly table: string;
  readonly columns: readonly ResultColumn[];
  /** Absent when each window is asked over its rows. */
  readonly states?: {
    /** Closed batches are folded into states of panes so long, ms. */
    readonly paneMs: number;
    readonly keyTypes: readonly string[];
    readonly stateTypes: readonly string[];
    readonly size: StateSize;
  };
  /** Why there are no states; empty if there are. */
  readonly why: string;
}

/** @throws EngineError */
export async function explainQuery(asker: Asker, compiled: CompiledQuery): Promise<WindowExplanation> {
  const { query, version, sql, columns, states, why } = compiled;
  const { name, from, window } = query;
  return {
    ...{ name, version, from, window, sql, question: questionOfWindow(compiled), table: viewOf(name), columns, why },
    ...(states && {
      states: {
        paneMs: window.type === 'session' ? window.gapMs : gridOf(window).paneMs,
        keyTypes: states.keyTypes,
        stateTypes: states.stateTypes,
        size: await readStateSize(asker, compiled),
      },
    }),
  };
}

const bounds = ['from', 'to'].map((name) => `{${name}:DateTime64(3, 'UTC')}`);

function questionOfWindow({ query, source, sql, plain }: CompiledQuery): string {
  // Any other SELECT may mean columns that it does not name.
  const { table, database, columns } = plain ? namedColumns(source, sql) : source;
  const key = keyOfRow(query.window);
  const [from, to] = bounds;
  const names = [...columns.map(({ name }) => quoteIdentifier(name)), `${from} AS window_start`, `${to} AS window_end`];
  const isOfKey = key === undefined || isWithoutKey(query.window) ? '' : ` AND ${key} = {key:Array(String)}`;
  return [
    `WITH ${quoteIdentifier(table)} AS (`,
    `  SELECT ${names.join(', ')}`,
    `  FROM ${quoteIdentifier(database)}.${quoteIdentifier(table)}`,
    `  WHERE time >= ${from} AND time < ${to}${isOfKey}`,
    ')',
    'SELECT * FROM (',
    ...query.sql
      .trim()
      .split('\n')
      .map((line) => `  ${line.trim()}`),
    ')',
  ].join('\n');
}

function isWithoutKey(window: WindowShape): boolean {
  return window.type !== 'session' || window.key.length === 0;
}
