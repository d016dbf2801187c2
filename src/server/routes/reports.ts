import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { inFormat, outputFormats } from '../../engine/output-formats.ts';
import { allReports, findReport } from '../../reports/catalog.ts';
import { isList, withoutLimit } from '../../reports/list-order.ts';
import { totalsOf } from '../../reports/list-report.ts';
import { filterReport, insertFilter, type Report, type ReportParameters } from '../../reports/report.ts';
import { parseSqlTime } from '../../reports/report-window.ts';
import { type ReportAnswer, runReport } from '../../reports/run-report.ts';
import { readLastEvent } from '../../reports/store-range.ts';
import { nearestName } from '../../text/nearest-name.ts';
import { ApiError, reportError } from '../api-error.ts';
import type { ApiRoute, ServerContext } from '../api-route.ts';
import { readReportParameters, reportQuery } from '../report-query.ts';
import { awaitFirst, streamAnswer } from '../stream-answer.ts';

const column = z.strictObject({
  name: z.string(),
  label: z.string(),
  unit: z.enum(['time', 'text', 'count', 'bytes', 'bits-per-second', 'seconds', 'ratio']),
  field: z.string().optional().describe('The field of which it shows values, for filters'),
  part: z.string().optional().describe('The filter that takes what it counts, where it counts a part'),
});

const described = {
  name: z.string(),
  title: z.string(),
  definition: z.string().describe('What the numbers mean: formula, log fields, caveats'),
  sql: z.string().describe('The query behind the numbers, with placeholders {name:Type} for the parameters'),
  columns: z.array(column),
};

const listAnswer = z.strictObject({ reports: z.array(z.strictObject(described)) });

const reportAnswer = z.strictObject({
  ...described,
  parameters: z
    .strictObject({
      from: z.string(),
      to: z.string(),
      step: z.int(),
      limit: z.int(),
      q: z.string(),
      sort: z.string().optional(),
      offset: z.int().optional(),
      bounds: z.string().optional(),
    })
    .describe('Parameters of the request, with defaults filled in'),
  filterValues: z
    .record(z.string(), z.string())
    .describe('Values of the placeholders of the filter and of ranges in the SQL, by name'),
  rows: z
    .array(z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])))
    .describe('By column name. Times are text in UTC; null is an undefined number, such as a share of zero'),
  elapsedMs: z.number(),
});

export const reportListRoute: ApiRoute = {
  method: 'GET',
  path: '/api/reports',
  operationId: 'listReports',
  summary: 'All reports with their definitions and SQL',
  answer: { description: 'The list', content: { 'application/json': listAnswer } },
  failures: [],
  handler: () => ({
    reports: allReports.map(({ name, title, definition, sql, columns }) => ({
      name,
      title,
      definition,
      sql: insertFilter(sql, ''),
      columns,
    })),
  }),
};

const pathParameters = z.strictObject({ name: z.enum(allReports.map((report) => report.name)) });

export const reportRoute: ApiRoute = {
  method: 'GET',
  path: '/api/reports/{name}',
  operationId: 'getReport',
  summary: 'One report: the numbers behind a panel',
  pathParameters,
  query: reportQuery,
  answer: { description: 'The answer', content: { 'application/json': reportAnswer } },
  failures: [400, 404, 422, 429, 500, 503],
  handler: (context, request, reply) => answerReport(context, request, reply, requireReport(request)),
};

export const reportTotalsRoute: ApiRoute = {
  method: 'GET',
  path: '/api/reports/{name}/totals',
  operationId: 'getReportTotals',
  summary: 'How many values a list has, and the requests of all of them',
  pathParameters,
  query: reportQuery,
  answer: { description: 'One row', content: { 'application/json': reportAnswer } },
  failures: [400, 404, 422, 429, 500, 503],
  handler: (context, request, reply) => answerReport(context, request, reply, totalsOf(requireList(request))),
};

export const reportCsvRoute: ApiRoute = {
  method: 'GET',
  path: '/api/reports/{name}/csv',
  operationId: 'exportReport',
  summary: 'All rows of a report as CSV for spreadsheets',
  description:
    'Streamed, without a limit of rows; no text in it starts a formula. A body that breaks off is incomplete.',
  pathParameters,
  query: reportQuery,
  answer: { description: 'The rows', content: { 'text/csv': undefined } },
  failures: [400, 404, 422, 429, 500, 503],
  async handler(context, request, reply) {
    const report = requireReport(request);
    const signal = context.running.begin(reply, 'report');
    const end = context.metrics.startQuery('report');
    const { clickhouse, mediaType } = outputFormats['csv-safe'];
    try {
      const parameters = await readParameters(context, request.query, report);
      const { sql, filterValues } = filterReport(report, parameters);
      const statement = { sql: withoutLimit(sql), params: { ...parameters, ...filterValues } };
      const rows = context.engine.stream(statement, { format: clickhouse, signal });
      const chunks = await awaitFirst(inFormat('csv-safe', rows));
      end('answered');
      reply.header('content-disposition', `attachment; filename="${report.name}.csv"`);
      return streamAnswer(reply, chunks, mediaType);
    } catch (error) {
      end(signal.aborted ? 'cancelled' : 'failed');
      throw reportError(error);
    }
  },
};

async function answerReport(
  context: ServerContext,
  request: FastifyRequest,
  reply: FastifyReply,
  report: Report,
): Promise<ReportAnswer> {
  const signal = context.running.begin(reply, 'report');
  const end = context.metrics.startQuery('report');
  try {
    const parameters = await readParameters(context, request.query, report);
    const answer = await runReport(context.engine, report, parameters, { signal, readPeriods: context.readPeriods });
    end('answered');
    reply.header('cache-control', 'no-store');
    return answer;
  } catch (error) {
    end(signal.aborted ? 'cancelled' : 'failed');
    throw reportError(error);
  }
}

function readParameters({ engine }: ServerContext, query: unknown, report: Report): Promise<ReportParameters> {
  return readReportParameters(query, report, async () => parseSqlTime((await readLastEvent(engine, report.of)) ?? ''));
}

function requireReport(request: FastifyRequest): Report {
  const { name } = request.params as { name: string };
  const report = findReport(name);
  if (report) return report;
  const names = allReports.map((candidate) => candidate.name);
  const nearest = nearestName(name, names);
  throw new ApiError(404, 'TAILRACE_NOT_FOUND', `cannot find the report "${name}": there is no such report`, {
    remedy: nearest === undefined ? `There are ${names.join(', ')}.` : `Did you mean "${nearest}"?`,
  });
}

function requireList(request: FastifyRequest): Report {
  const report = requireReport(request);
  if (isList(report.sql)) return report;
  throw new ApiError(
    404,
    'TAILRACE_NOT_FOUND',
    `cannot count the values of the report "${report.name}": it is no list`,
  );
}
