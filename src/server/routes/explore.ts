import { z } from 'zod';
import type { Engine } from '../../engine/engine.ts';
import { countValues } from '../../explore/count-values.ts';
import { conditionOf, type ExploreQuestion } from '../../explore/explore-question.ts';
import { type ExploredTable, explored } from '../../explore/explored-table.ts';
import { findRows, selectColumns } from '../../explore/find-rows.ts';
import { readRow } from '../../explore/read-row.ts';
import { positionPattern, readPosition } from '../../explore/row-position.ts';
import { findField } from '../../filters/fields.ts';
import { chooseWindow, parseSqlTime } from '../../reports/report-window.ts';
import { readLastEvent } from '../../reports/store-range.ts';
import { ApiError, reportError } from '../api-error.ts';
import type { ApiRoute, ServerContext } from '../api-route.ts';
import { columnsQuery, explorePath, invalid, readColumns, readTable } from '../explore-query.ts';
import { readRequest } from '../read-request.ts';
import { readFilterText, second } from '../report-query.ts';

const questionQuery = z.strictObject({
  from: second.optional().describe('Start, inclusive: a whole second in UTC. Default: 24 hours before `to`'),
  to: second.optional().describe('End, exclusive. Default: the minute after the last event in the table'),
  q: z
    .string()
    .default('')
    .describe('Filter, for example `status:5xx path:/api/*`; empty for all. See docs/filters.md'),
});

const position = z
  .string()
  .regex(positionPattern, 'write it as in an answer, for example 1763647200000-1234-1-55')
  .describe('A row, as answers name it in `row`');

const rowsQuery = questionQuery.extend({
  columns: columnsQuery,
  limit: z.coerce.number().int().min(1).max(1000).default(100).describe('Most rows'),
  before: position.optional().describe('Rows older than this one: `next` of the answer before'),
});

const failures = [400, 404, 422, 429, 500, 503];

const asked = {
  table: explorePath.shape.table,
  parameters: z.strictObject({ from: z.string(), to: z.string(), q: z.string() }).describe('With defaults filled in'),
  elapsedMs: z.number(),
};

const rowsAnswer = z.strictObject({
  ...asked,
  columns: z.array(z.string()),
  rows: z
    .array(z.record(z.string(), z.unknown()))
    .describe('Newest first, by column; `row` is the position of a row. Integers that JSON would round are texts'),
  next: z.string().nullable().describe('Position of the last row, if there are older ones'),
  sql: z.string().describe('All rows of the range as one SELECT, with placeholders'),
  values: z.record(z.string(), z.string()).describe('Values of its placeholders, by name'),
});

export const exploreRowsRoute = questionRoute({
  path: '/api/explore/{table}',
  operationId: 'exploreRows',
  summary: 'Rows of a range for which a filter holds, newest first, page by page',
  query: rowsQuery,
  answer: { description: 'A page of rows', content: { 'application/json': rowsAnswer } },
  async ask({ engine, question, signal }, { limit, before, columns: names }) {
    const { table } = question;
    const columns = readColumns(table, names);
    const from = before === undefined ? undefined : readPosition(before);
    const { rows, hasMore } = await findRows(
      engine,
      { ...question, columns, limit, ...(from ? { before: from } : {}) },
      signal,
    );
    const selected = selectColumns({ table, columns });
    const condition = conditionOf(question);
    return {
      columns,
      rows,
      next: hasMore ? (rows.at(-1)?.row ?? null) : null,
      sql: `SELECT ${selected.columns.join(', ')}\nFROM ${table}\nWHERE ${condition.sql}\nORDER BY time DESC`,
      values: { ...condition.params, ...selected.params },
    };
  },
});

const rowAnswer = z.strictObject({
  values: z.record(z.string(), z.unknown()).describe('All that is known of it, by column and field'),
  origin: z
    .strictObject({ origin: z.string(), format: z.string(), pipeline: z.string(), storedAt: z.string() })
    .nullable()
    .describe('Where its line came from; null while its batch is not closed'),
  elapsedMs: z.number(),
});

export const exploreRowRoute: ApiRoute = {
  method: 'GET',
  path: '/api/explore/{table}/rows/{row}',
  operationId: 'exploreRow',
  summary: 'One row with all of its columns, and where its line came from',
  pathParameters: explorePath.extend({ row: position }),
  answer: { description: 'The row', content: { 'application/json': rowAnswer } },
  failures,
  handler: (context, request, reply) =>
    answer(context, reply, async (signal) => {
      const table = readTable(request.params);
      const { row } = request.params as { readonly row: string };
      const place = readPosition(row);
      const found = place && (await readRow(context.engine, table, place, signal));
      if (found) return { ...found };
      throw new ApiError(404, 'TAILRACE_NOT_FOUND', `cannot find the row "${row}" in ${table}`, {
        remedy: 'Retention may have deleted it.',
      });
    }),
};

const valuesQuery = questionQuery.extend({
  field: z.string().max(300).describe('A field of filters, such as `status` or `attributes.user_id`'),
  contains: z.string().max(300).default('').describe('Only values with this text in them, whatever its case'),
  limit: z.coerce.number().int().min(1).max(100).default(10).describe('Most values'),
});

const valuesAnswer = z.strictObject({
  ...asked,
  field: z.string(),
  values: z
    .array(z.strictObject({ value: z.string(), rows: z.int() }))
    .describe('The most frequent first; a missing one is an empty text'),
  rows: z.int().describe('Rows that were counted'),
  different: z.int().describe('How many different values they have'),
  counted: z
    .strictObject({ from: z.string(), to: z.string() })
    .describe('What was counted, exactly: the range, or of one with very many rows its newest hours'),
});

export const exploreValuesRoute = questionRoute({
  path: '/api/explore/{table}/values',
  operationId: 'exploreValues',
  summary: 'The most frequent values of a field',
  query: valuesQuery,
  answer: { description: 'Values and their number', content: { 'application/json': valuesAnswer } },
  async ask({ engine, question, signal }, { field: name, contains, limit }) {
    const { table } = question;
    const field = findField(explored[table].fields, name);
    if (!field) throw invalid(`"field": ${table} has no field "${name}"`);
    const { fromMs, toMs, ...counted } = await countValues(engine, { ...question, field, contains, limit }, signal);
    return {
      field: name,
      ...counted,
      counted: { from: sqlSecond(fromMs), to: sqlSecond(toMs) },
    };
  },
});

/** A question of a page: the rows of a table that a range and a filter name. */
interface Question {
  readonly engine: Engine;
  readonly question: ExploreQuestion;
  readonly signal: AbortSignal;
}

interface QuestionRoute<Q extends typeof questionQuery> {
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly query: Q;
  readonly answer: ApiRoute['answer'];
  readonly ask: (asked: Question, query: z.output<Q>) => Promise<Readonly<Record<string, unknown>>>;
}

/** A route that answers a {@link Question}, with the table, the range and the filter that it answers for. */
function questionRoute<Q extends typeof questionQuery>({ ask, ...route }: QuestionRoute<Q>): ApiRoute {
  return {
    ...route,
    method: 'GET',
    pathParameters: explorePath,
    failures,
    handler: (context, request, reply) =>
      answer(context, reply, async (signal) => {
        const table = readTable(request.params);
        const query = readRequest(route.query, 'query', request.query);
        const question = await readQuestion(context, table, query);
        const found = await ask({ engine: context.engine, question, signal }, query);
        return { ...describeQuestion(question), ...found };
      }),
  };
}

/** Runs a question of this page, which the signal cancels, with the time that it took. */
async function answer(
  { running, metrics }: ServerContext,
  reply: Parameters<ApiRoute['handler']>[2],
  ask: (signal: AbortSignal) => Promise<Readonly<Record<string, unknown>>>,
): Promise<Readonly<Record<string, unknown>>> {
  const signal = running.begin(reply, 'report');
  const end = metrics.startQuery('report');
  const startMs = performance.now();
  try {
    const found = await ask(signal);
    end('answered');
    reply.header('cache-control', 'no-store');
    return { ...found, elapsedMs: Math.round((performance.now() - startMs) * 10) / 10 };
  } catch (error) {
    end(signal.aborted ? 'cancelled' : 'failed');
    throw reportError(error);
  }
}

interface AskedRange {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly q: string;
}

async function readQuestion(
  { engine }: ServerContext,
  table: ExploredTable,
  { from, to, q }: AskedRange,
): Promise<ExploreQuestion> {
  const given = { ...(from === undefined ? {} : { fromMs: from }), ...(to === undefined ? {} : { toMs: to }) };
  const last = to === undefined ? parseSqlTime((await readLastEvent(engine, table)) ?? '') : undefined;
  const window = chooseWindow(given, last);
  const [fromMs, toMs] = [parseSqlTime(window.from) ?? 0, parseSqlTime(window.to) ?? 0];
  if (fromMs >= toMs) throw invalid(`"from" (${window.from}) is not before "to" (${window.to})`);
  return { table, fromMs, toMs, q: readFilterText(q, explored[table].fields) };
}

function describeQuestion({ table, fromMs, toMs, q }: ExploreQuestion) {
  return { table, parameters: { from: sqlSecond(fromMs), to: sqlSecond(toMs), q } };
}

function sqlSecond(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}
