import { z } from 'zod';
import { type DeadWindows, receiverOf } from '../windows/outputs/output-book.ts';
import { viewOf } from '../windows/results-view.ts';
import type { WindowStatus } from '../windows/window-entry.ts';

const count = (text: string) => z.int().describe(`${text}, since the program started`);
const ms = (text: string) => z.number().describe(`${text}, milliseconds`);

/** State of a continuous query in an answer. */
export const windowAnswer = z.strictObject({
  name: z.string(),
  origin: z.enum(['configuration', 'api']).describe('Where it is from; api: saved by PUT /api/windows/NAME'),
  from: z.enum(['requests', 'logs']),
  window: z.discriminatedUnion('type', [
    z.strictObject({
      type: z.enum(['tumbling', 'hopping']),
      sizeMs: ms('Length'),
      everyMs: ms('How often one begins'),
    }),
    z.strictObject({
      type: z.literal('session'),
      gapMs: ms('A row that comes so long after the one before it begins another session'),
      longestMs: ms('A session ends at whole multiples of this since 1970'),
      key: z.array(z.string()).describe('Columns by whose values rows are divided into sessions'),
    }),
  ]),
  sql: z.string(),
  table: z.string().describe('Where its results can be asked for'),
  columns: z
    .array(z.strictObject({ name: z.string(), type: z.string() }))
    .nullable()
    .describe('Of its results, besides window_start, window_end and correction; null before it has started'),
  disorderMs: ms('How far rows may be behind the latest one of their feed'),
  latenessMs: ms('How late rows may be and still correct their window'),
  idleMs: ms('Silence after which a feed holds nothing up'),
  keepMs: ms('How long results are kept'),
  rebuildMs: ms('How far back another version of it begins'),
  state: z
    .enum(['starting', 'running', 'retrying', 'standby', 'stopped'])
    .describe('retrying: it cannot be answered now; standby: another worker answers it'),
  problem: z
    .string()
    .nullable()
    .describe('The current problem, in words; of a query that runs, why a changed configuration is refused'),
  isIncremental: z
    .boolean()
    .nullable()
    .describe('Whether it is folded from aggregate states; otherwise it is asked over the rows of each window'),
  why: z.string().nullable().describe('Why it is not'),
  watermark: z
    .string()
    .nullable()
    .describe('Up to which event time windows are over, ISO 8601; null before the first event'),
  lagMs: ms('Age of the watermark').nullable(),
  stateSize: z
    .strictObject({ rows: z.int(), bytes: z.int().describe('On disk, about') })
    .nullable()
    .describe('Of its aggregate states, as of the last minute; null before the first look'),
  activeFeeds: z.int().describe('Pipelines and shards that are not idle'),
  outputs: z
    .array(
      z.strictObject({
        type: z.enum(['file', 'webhook', 'kinesis']),
        name: z.string().describe('Path, address without credentials, or stream'),
        state: z
          .enum(['starting', 'running', 'retrying', 'standby', 'stopped'])
          .describe('retrying: it takes nothing now; standby: another worker sends'),
        problem: z.string().nullable(),
        waiting: z.int().describe('Emitted windows that it does not have yet'),
        dead: z.int().describe('Windows that were given up, and not sent since'),
        deadLetters: z
          .array(
            z.strictObject({
              sequence: z.int().describe('Of the window'),
              attempts: z.int(),
              problem: z.string(),
              atMs: z.int().describe('When it was given up, milliseconds since 1970'),
            }),
          )
          .describe('Those of the latest 20 windows among them, the latest first'),
        sent: count('Windows sent'),
        failures: count('Attempts that failed'),
      }),
    )
    .describe('Where its windows are sent'),
  counts: z.strictObject({
    batches: count('Batches folded'),
    rows: count('Rows folded'),
    dropped: count('Rows that came too late, or are more than a day in the future'),
    emissions: count('Windows emitted, corrections included'),
    corrections: count('Windows emitted again'),
    resultRows: count('Result rows'),
    failures: count('Times that it could not be answered'),
  }),
});

export type WindowAnswer = z.output<typeof windowAnswer>;

export const windowExplanationAnswer = z.strictObject({
  name: z.string(),
  version: z.string().describe('Of its definition, as in emitted windows'),
  sql: z.string().describe('In the normal form of the engine'),
  question: z
    .string()
    .describe(
      'The same SELECT over the rows of one window, whose bounds are the parameters from and to; of a session also its key',
    ),
  why: z.string().nullable().describe('Why each window is asked over its rows; null when there are states'),
  states: z
    .strictObject({
      paneMs: ms('Closed batches are folded into states of panes so long'),
      keyTypes: z.array(z.string()),
      stateTypes: z.array(z.string()),
      size: z
        .strictObject({ rows: z.int(), bytes: z.int().describe('In memory') })
        .describe('Of all that are kept now'),
    })
    .nullable(),
});

export type WindowExplanationAnswer = z.output<typeof windowExplanationAnswer>;

export const flinkAnswer = z.strictObject({
  table: z.string().describe('Statements that make the table of the rows; its connector is to be filled in'),
  query: z.string().nullable().describe('null when the query cannot be translated'),
  problems: z.array(z.string()).describe('What cannot be translated, in words'),
});

export type FlinkAnswer = z.output<typeof flinkAnswer>;

/** As in the store, whichever worker sends. */
export type DeadOfOutputs = ReadonlyMap<string, DeadWindows>;

export function describeWindow(
  { query, compiled, watermarkMs, ...status }: WindowStatus,
  { origin, dead }: { readonly origin: WindowAnswer['origin']; readonly dead: DeadOfOutputs },
): WindowAnswer {
  const { name, from, window, sql, disorderMs, latenessMs, idleMs, keepMs, rebuildMs } = query;
  return {
    ...{ name, origin, from, sql: sql.trim(), disorderMs, latenessMs, idleMs, keepMs, rebuildMs },
    window: window.type === 'session' ? { ...window, key: [...window.key] } : { everyMs: window.sizeMs, ...window },
    table: viewOf(name),
    columns: compiled?.columns.map(({ name, type }) => ({ name, type })) ?? null,
    state: status.state,
    problem: status.problem ?? null,
    isIncremental: compiled ? compiled.states !== undefined : null,
    why: compiled?.why || null,
    watermark: watermarkMs === undefined ? null : new Date(watermarkMs).toISOString(),
    lagMs: watermarkMs === undefined ? null : Date.now() - watermarkMs,
    stateSize: status.stateSize ? { ...status.stateSize } : null,
    activeFeeds: status.activeFeeds,
    outputs: status.outputs.map((output) => {
      const { count = 0, latest = [] } = dead.get(receiverOf(name, output.name)) ?? {};
      return { ...output, problem: output.problem ?? null, dead: count, deadLetters: [...latest] };
    }),
    counts: { ...status.counts },
  };
}
