import { z } from 'zod';
import type { Fields } from '../filters/fields.ts';
import { FilterError } from '../filters/filter-error.ts';
import { parseFilter } from '../filters/parse-filter.ts';
import { printFilter } from '../filters/print-filter.ts';
import { fieldsOfReport, type Report, type ReportParameters } from '../reports/report.ts';
import { chooseWindow, parseSqlTime } from '../reports/report-window.ts';
import { ApiError } from './api-error.ts';
import { readRequest } from './read-request.ts';

const mostBuckets = 10_000;
const latestMs = Date.parse('2106-01-01');
const example = '2026-11-20 14:00:00';

/** Parsed to epoch ms; whole seconds. */
export const second = z.string().transform((text, context) => {
  const ms = parseSqlTime(text);
  const problem =
    ms === undefined
      ? `"${text}" is no time in UTC; write for example ${example}`
      : ms % 1000 !== 0
        ? `"${text}" is not a whole second; write for example ${example}`
        : ms < 0 || ms > latestMs
          ? `"${text}" is outside of the years 1970 to 2105`
          : undefined;
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  return ms ?? Number.NaN;
});

/** A filter in canonical form. @throws ApiError `TAILRACE_REQUEST_INVALID` */
export function readFilterText(text: string, fields: Fields): string {
  try {
    return printFilter(parseFilter(text, fields), fields);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw invalid(`"q": ${error.message}`);
  }
}

function isRising(text: string): boolean {
  const bounds = text.split(',').map((part) => (/^\d+(?:\.\d+)?$/.test(part) ? Number(part) : Number.NaN));
  return bounds.length <= 10 && bounds.every((bound, index) => bound > (bounds[index - 1] ?? 0));
}

/** The query string of a report; every parameter is optional. */
export const reportQuery = z.strictObject({
  from: second
    .optional()
    .describe(
      'Start, inclusive: a whole second in UTC; whole minutes are answered faster. Default: 24 hours before `to`',
    ),
  to: second.optional().describe('End, exclusive. Default: the minute after the last event in the store'),
  step: z.coerce
    .number()
    .int()
    .min(1)
    .max(366 * 86_400)
    .refine((step) => step < 60 || step % 60 === 0, 'below 60, or a multiple of 60')
    .optional()
    .describe('Width of a time bucket in seconds, below 60 or a multiple of 60. Default: gives about 100 buckets'),
  limit: z.coerce.number().int().min(1).max(1000).default(10).describe('Rows of a top list'),
  sort: z
    .string()
    .max(100)
    .optional()
    .describe('Order of a list: a column’s name, with `-` before it for the greatest first. Default: by requests'),
  offset: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .optional()
    .describe('Rows of a list to leave out before the first'),
  bounds: z
    .string()
    .max(200)
    .refine(isRising, 'up to ten rising numbers with commas between them, for example 0.1,0.5,1,5')
    .optional()
    .describe(
      'Borders of the ranges of `countries-by-duration` and `countries-by-ttfb`, seconds. Default: 0.1,0.5,1,5',
    ),
  q: z
    .string()
    .default('')
    .describe('Filter, for example `status:5xx path:/api/* -is_bot:true`; empty for all. See docs/filters.md'),
});

/**
 * Reads the parameters of a report from a query string; defaults follow from the data.
 * @param readLastEvent epoch ms, undefined while the store is empty; called only when the answer depends on it
 * @throws ApiError `TAILRACE_REQUEST_INVALID`
 */
export async function readReportParameters(
  query: unknown,
  report: Pick<Report, 'columns' | 'of'>,
  readLastEvent: () => Promise<number | undefined>,
): Promise<ReportParameters> {
  const { columns } = report;
  const { from: fromMs, to: toMs, step, limit, q, sort, offset, bounds } = readRequest(reportQuery, 'query', query);
  const asked = {
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
    ...(step === undefined ? {} : { step }),
  };
  const window = chooseWindow(asked, toMs === undefined ? await readLastEvent() : undefined);
  const lengthMs = (parseSqlTime(window.to) ?? 0) - (parseSqlTime(window.from) ?? 0);
  if (lengthMs <= 0) throw invalid(`"from" (${window.from}) is not before "to" (${window.to})`);
  const buckets = Math.ceil(lengthMs / 1000 / window.step);
  if (buckets > mostBuckets) {
    throw invalid(
      `"step": ${buckets} buckets of ${window.step} seconds are more than ${mostBuckets}; take a longer step`,
    );
  }
  if (sort !== undefined && !columns.some(({ name }) => name === sort.replace(/^-/, ''))) {
    throw invalid(`"sort": there is no column "${sort}"; there are ${columns.map(({ name }) => name).join(', ')}`);
  }
  return {
    ...window,
    limit,
    q: readFilterText(q, fieldsOfReport(report)),
    ...(sort ? { sort } : {}),
    ...(offset ? { offset } : {}),
    ...(bounds ? { bounds } : {}),
  };
}

function invalid(problem: string): ApiError {
  return new ApiError(400, 'TAILRACE_REQUEST_INVALID', `cannot read the query: ${problem}`);
}
