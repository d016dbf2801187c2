import { exploreAddress } from '../explore/explore-address.ts';
import { fillParameters } from '../sql/fill-parameters.ts';
import { sqlPageAddress } from '../sql/sql-page-address.ts';
import { formatView, parseView } from '../view/view-state.ts';

/** Epoch ms, end exclusive. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

const minuteMs = 60_000;

/** The overview of the requests that an alert is about, in whole minutes. */
export function overviewOf(filter: string, span: Span): string {
  return `${viewOf(filter, span)}#/`;
}

/** The requests themselves. */
export function requestsOf(filter: string, span: Span): string {
  return viewOf(filter, span) + exploreAddress;
}

function viewOf(q: string, { fromMs, toMs }: Span): string {
  const range = {
    fromMs: Math.floor(fromMs / minuteMs) * minuteMs,
    toMs: Math.ceil(toMs / minuteMs) * minuteMs,
  };
  return formatView({ ...parseView(''), range, q });
}

/** The SELECT of an alert over a range. */
export function selectAddress(sql: string, { fromMs, toMs }: Span): string {
  const typed = sql.replaceAll(/\{(from|to)\}/g, "{$1:DateTime('UTC')}");
  return sqlPageAddress(fillParameters(typed, { from: sqlTime(fromMs), to: sqlTime(toMs) }));
}

export function valuesAddress(alert: string): string {
  return sqlPageAddress(`SELECT at, value, threshold, baseline, groups, met, problem
FROM alert_evaluations
WHERE alert = ${literal(alert)}
ORDER BY at DESC
LIMIT 500`);
}

export function historyAddress(alert: string): string {
  return sqlPageAddress(`SELECT at, labels, phase, announce, receivers, suppressed_by, value, threshold, baseline
FROM alert_transitions
WHERE alert = ${literal(alert)}
ORDER BY at DESC
LIMIT 200`);
}

export const deadAddress =
  sqlPageAddress(`SELECT receiver, key, max(attempt) AS attempts, argMax(problem, attempt) AS last_problem, max(at) AS last_at
FROM alert_deliveries
GROUP BY receiver, key
HAVING argMax(state, attempt) = 'dead'
ORDER BY last_at DESC
LIMIT 200`);

function sqlTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
