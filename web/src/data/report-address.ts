import type { ReportParameters } from './report-answer.ts';

/** @param name of a report, or what is asked of it: `top-paths`, `top-paths/csv` */
export function reportAddress(name: string, parameters: ReportParameters): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== '' && value !== 0);
  return `api/reports/${name}?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`;
}
