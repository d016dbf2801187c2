import { z } from 'zod';
import { findReport, reports } from '../../reports/catalog.ts';
import { insertFilter, type Report, type ReportParameters } from '../../reports/report.ts';
import { parseSqlTime } from '../../reports/report-window.ts';
import { type ReportAnswer, runReport } from '../../reports/run-report.ts';
import { readLastEvent } from '../../reports/store-range.ts';
import { nearestName } from '../../text/nearest-name.ts';
import { ApiError, reportError } from '../api-error.ts';
import type { ApiRoute, ServerContext } from '../api-route.ts';
import { readReportParameters, reportQuery } from '../report-query.ts';

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
    })
    .describe('Parameters of the request, with defaults filled in'),
  filterValues: z
    .record(z.string(), z.string())
    .describe('Values of the placeholders that the filter has in the SQL, by name'),
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
    reports: reports.map(({ name, title, definition, sql, columns }) => ({
      name,
      title,
      definition,
      sql: insertFilter(sql, ''),
      columns,
    })),
  }),
};

export const reportRoute: ApiRoute = {
  method: 'GET',
  path: '/api/reports/{name}',
  operationId: 'getReport',
  summary: 'One report: the numbers behind a panel',
  pathParameters: z.strictObject({ name: z.enum(reports.map((report) => report.name)) }),
  query: reportQuery,
  answer: { description: 'The answer', content: { 'application/json': reportAnswer } },
  failures: [400, 404, 422, 429, 500, 503],
  async handler(context, request, reply): Promise<ReportAnswer> {
    const report = requireReport((request.params as { name: string }).name);
    const signal = context.running.begin(reply, 'report');
    const end = context.metrics.startQuery('report');
    try {
      const parameters = await readParameters(context, request.query);
      const answer = await runReport(context.engine, report, parameters, { signal, readPeriods: context.readPeriods });
      end('answered');
      reply.header('cache-control', 'no-store');
      return answer;
    } catch (error) {
      end(signal.aborted ? 'cancelled' : 'failed');
      throw reportError(error);
    }
  },
};

function readParameters({ engine }: ServerContext, query: unknown): Promise<ReportParameters> {
  return readReportParameters(query, async () => parseSqlTime((await readLastEvent(engine)) ?? ''));
}

function requireReport(name: string): Report {
  const report = findReport(name);
  if (report) return report;
  const names = reports.map((candidate) => candidate.name);
  const nearest = nearestName(name, names);
  throw new ApiError(404, 'TAILRACE_NOT_FOUND', `cannot find the report "${name}": there is no such report`, {
    remedy: nearest === undefined ? `There are ${names.join(', ')}.` : `Did you mean "${nearest}"?`,
  });
}
