import type { Filter } from '../filters/filter.ts';
import { printFilter } from '../filters/print-filter.ts';
import { requestFields } from '../filters/request-fields.ts';
import type { Alert, Severity } from './alert.ts';
import { filterFor } from './alert-filter.ts';
import type { Transition } from './evaluate-alert.ts';
import type { Contribution } from './find-changes.ts';
import { fingerprintOf, type Labels } from './instance.ts';
import type { AlertRange } from './read-rows.ts';

/** What receivers are told, and the body of the receiver `webhook`. Times are ISO 8601, UTC. */
export interface Message {
  /** The same whenever this message is sent. */
  readonly key: string;
  /** The same for all messages of this instance. */
  readonly fingerprint: string;
  readonly alert: string;
  readonly status: 'firing' | 'resolved';
  readonly severity: Severity;
  readonly labels: Labels;
  readonly description: string;
  /** One line. */
  readonly summary: string;
  readonly value: number | null;
  readonly threshold: number | null;
  readonly baseline: number | null;
  readonly startsAt: string;
  /** Null while it fires. */
  readonly endsAt: string | null;
  /** The range that was evaluated. */
  readonly from: string;
  readonly to: string;
  /** What has changed, the largest share first. */
  readonly changes: readonly Contribution[];
  /** Opens the console on the range and the requests that it is about; null when its public address is not configured. */
  readonly link: string | null;
}

export interface MessageOptions {
  readonly range: AlertRange;
  readonly changes: readonly Contribution[];
  readonly publicUrl: string | undefined;
}

/** @param transition one that is announced */
export function describeTransition(alert: Alert, transition: Transition, options: MessageOptions): Message {
  const { labels, state, announce, value, threshold, baseline, atMs } = transition;
  const { range, changes, publicUrl } = options;
  const status = announce === 'resolved' ? 'resolved' : 'firing';
  return {
    key: `${transition.key}-${status}`,
    fingerprint: fingerprintOf(alert.name, labels),
    alert: alert.name,
    status,
    severity: alert.severity,
    labels,
    description: alert.description,
    summary: summarize(alert, transition, status),
    value,
    threshold,
    baseline,
    startsAt: isoTime(state.firedAtMs.at(-1) ?? state.sinceMs),
    endsAt: status === 'resolved' ? isoTime(atMs) : null,
    from: isoTime(range.fromMs),
    to: isoTime(range.toMs),
    changes,
    link: publicUrl === undefined ? null : linkTo(publicUrl, range, filterFor(alert, labels)),
  };
}

/** `[critical] server-errors fires for host=a: value 0.12, threshold 0.05` */
function summarize(
  { name, severity }: Alert,
  { instance, value, threshold, baseline }: Transition,
  status: Message['status'],
): string {
  const whom = instance === '' ? '' : ` for ${instance.slice(0, 300)}`;
  const numbers = Object.entries({ value, threshold, usual: baseline }).flatMap(([what, number]) =>
    number === null ? [] : [`${what} ${printNumber(number)}`],
  );
  const said = numbers.length === 0 ? '' : `: ${numbers.join(', ')}`;
  return `[${severity}] ${name} ${status === 'firing' ? 'fires' : 'is resolved'}${whom}${said}`;
}

/** Four digits say enough: `0.05123`, `12345678`. */
export function printNumber(value: number): string {
  return String(Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4)));
}

/** As `web/src/view/view-state.ts` reads it: the range, and the filter. */
function linkTo(publicUrl: string, { fromMs, toMs }: AlertRange, filter: Filter): string {
  const query = new URLSearchParams({ from: isoTime(fromMs).slice(0, 19), to: isoTime(toMs).slice(0, 19) });
  if (filter.length > 0) query.set('q', printFilter(filter, requestFields));
  return `${publicUrl.replace(/\/$/, '')}/?${query}`.replaceAll('%3A', ':');
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
