import { z } from 'zod';
import { phases } from '../alerts/advance-state.ts';
import type { Backtest } from '../alerts/backtest.ts';
import type { BoundedBacktest } from '../windows/bounded-backtest.ts';
import type { CompiledQuery } from '../windows/compile-query.ts';

const time = (text: string) => z.string().describe(`${text}, ISO 8601`);
const ms = z.int().describe('Milliseconds since 1970');
const numbers = {
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  baseline: z.number().nullable(),
};

const tested = {
  name: z.string(),
  from: time('Begin of the range'),
  to: time('Its end'),
  isComplete: z.boolean().describe('Whether all of the range was tested; otherwise a bound was reached'),
};

/** What a continuous query would have emitted. */
export const windowBacktestAnswer = z.strictObject({
  ...tested,
  explain: z.strictObject({
    isIncremental: z
      .boolean()
      .describe('Whether it is folded from aggregate states; otherwise it is asked over the rows of each window'),
    why: z.string().nullable().describe('Why it is not'),
    sql: z.string().describe('Its SELECT in the engine’s normal form'),
    columns: z
      .array(z.strictObject({ name: z.string(), type: z.string() }))
      .describe('Of its results, besides window_start and window_end'),
    version: z.string().describe('Another definition is another version'),
  }),
  windows: z.int().describe('Windows with rows that begin in the range'),
  until: time('All rows of windows that begin before then are in the answer'),
  rows: z
    .array(z.record(z.string(), z.unknown()))
    .describe(
      'By column, with window_start and window_end in UTC; by window, and in the order of the SELECT. Integers of 64 bits are texts',
    ),
});

export function describeWindowBacktest(
  { query, states, why, sql, columns, version }: CompiledQuery,
  range: { readonly fromMs: number; readonly untilMs: number },
  { windows, rows, untilMs }: BoundedBacktest,
): WindowBacktestAnswer {
  return {
    name: query.name,
    from: iso(range.fromMs),
    to: iso(range.untilMs),
    isComplete: untilMs === range.untilMs,
    explain: {
      isIncremental: states !== undefined,
      why: why === '' ? null : why,
      sql,
      columns: columns.map(({ name, type }) => ({ name, type })),
      version,
    },
    windows,
    until: iso(untilMs),
    rows: [...rows],
  };
}

/** What an alert would have done. */
export const alertBacktestAnswer = z.strictObject({
  ...tested,
  evaluations: z.int().describe('That were made'),
  values: z
    .array(z.strictObject({ atMs: ms, ...numbers, met: z.int().describe('Groups for which the condition holds') }))
    .describe('Of each evaluation, oldest first: of the group with the greatest deviation'),
  entries: z
    .array(
      z.strictObject({
        atMs: ms,
        labels: z.record(z.string(), z.string()),
        phase: z.enum(phases),
        ...numbers,
        suppressedBy: z.string().describe('Maintenance that would have kept receivers from being told; empty for none'),
        message: z
          .record(z.string(), z.unknown())
          .nullable()
          .describe('What receivers would have been told; null for nothing. See docs/alerts.md'),
      }),
    )
    .describe('Changes of instances, oldest first'),
  problems: z.array(z.string()).describe('Of evaluations, each once'),
});

export type AlertBacktestAnswer = z.output<typeof alertBacktestAnswer>;
export type WindowBacktestAnswer = z.output<typeof windowBacktestAnswer>;

export function describeAlertBacktest(
  name: string,
  range: { readonly fromMs: number; readonly untilMs: number },
  { evaluations, isComplete, values, entries, problems }: Backtest,
): AlertBacktestAnswer {
  return {
    name,
    from: iso(range.fromMs),
    to: iso(range.untilMs),
    isComplete,
    evaluations,
    values: [...values],
    entries: entries.map(({ instance: _, message, labels, ...entry }) => ({
      ...entry,
      labels: { ...labels },
      message: message && { ...message },
    })),
    problems: [...problems],
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
