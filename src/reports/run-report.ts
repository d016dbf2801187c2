import { type CompactResult, decodeRows, rowsFormat, rowsSettings } from '../engine/decode-rows.ts';
import type { Engine, Statement } from '../engine/engine.ts';
import type { ReadPeriods } from '../rollups/period-reader.ts';
import { filterReport, type Report, type ReportColumn, type ReportParameters } from './report.ts';
import { rollUp } from './rolled-report.ts';

/** Times are text, `YYYY-MM-DD HH:MM:SS[.mmm]` UTC; undefined numbers (a share of zero) are null. */
export type ReportRow = Readonly<Record<string, string | number | boolean | null>>;

/** A report's answer with everything needed to draw, explain and repeat it. */
export interface ReportAnswer {
  readonly name: string;
  readonly title: string;
  readonly definition: string;
  readonly sql: string;
  readonly parameters: ReportParameters;
  /** Values of the placeholders of the filter and of ranges in the SQL, by name. */
  readonly filterValues: Readonly<Record<string, string>>;
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly ReportRow[];
  /** Time in the engine, including the wait for a free session. */
  readonly elapsedMs: number;
}

/** A slower dashboard is of no use, and would block the sessions for other queries. */
const maxSeconds = 30;

export interface RunOptions {
  /** When it aborts, the engine cancels the query. */
  readonly signal?: AbortSignal;
  /** The hours and days of a range, to answer from their rollups; without it rows are read. */
  readonly readPeriods?: ReadPeriods;
}

/**
 * Runs a report.
 * @throws EngineError as `Engine.stream` does; FilterError when the filter cannot be read
 */
export async function runReport(
  engine: Engine,
  report: Report,
  parameters: ReportParameters,
  { signal, readPeriods }: RunOptions = {},
): Promise<ReportAnswer> {
  const startedMs = performance.now();
  const { sql, filterValues } = filterReport(report, parameters);
  const rolled = readPeriods && (await rollUp(report, parameters, readPeriods));
  const settings = { ...rowsSettings, max_execution_time: maxSeconds };
  const ask = async (statement: Statement) => {
    const chunks: Uint8Array[] = [];
    const options = { format: rowsFormat, ...(signal ? { signal } : {}) };
    for await (const chunk of engine.stream({ ...statement, settings }, options)) chunks.push(chunk);
    return decodeRows(JSON.parse(Buffer.concat(chunks).toString()) as CompactResult) as ReportRow[];
  };
  const found = rolled && (await ask(rolled));
  const rows =
    found && found[0]?.is_certain !== 0
      ? found.map(({ is_certain: _, ...row }) => row)
      : await ask({ sql, params: { ...parameters, ...filterValues } });
  const { name, title, definition, columns } = report;
  const elapsedMs = Math.round((performance.now() - startedMs) * 10) / 10;
  return { name, title, definition, sql, parameters, filterValues, columns, rows, elapsedMs };
}
