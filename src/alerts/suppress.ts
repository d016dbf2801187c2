import type { Alert } from './alert.ts';
import type { Labels } from './instance.ts';
import { isWithin, type MaintenanceWindow } from './maintenance.ts';
import { type Matcher, matchesAll } from './matchers.ts';

/** Somebody's word that something is known, until a time. */
export interface Silence {
  readonly id: string;
  readonly matchers: readonly Matcher[];
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

export interface Suppressing {
  readonly silences: readonly Silence[];
  readonly maintenance: readonly MaintenanceWindow[];
  /** Labels of what fires, by alert. */
  readonly firing: ReadonlyMap<string, readonly Labels[]>;
}

/**
 * Why an instance is not announced: an alert that it depends on fires, with the same values of the labels that both
 * have; it is silenced; or it is within a maintenance window. Empty when nothing suppresses it.
 */
export function whySuppressed(
  alert: Pick<Alert, 'name' | 'severity' | 'dependsOn'>,
  labels: Labels,
  atMs: number,
  { silences, maintenance, firing }: Suppressing,
): string {
  const cause = alert.dependsOn.find((name) => (firing.get(name) ?? []).some((other) => agree(labels, other)));
  if (cause !== undefined) return `${cause} fires`;
  const isNow = ({ startsAtMs, endsAtMs }: Silence) => atMs >= startsAtMs && atMs < endsAtMs;
  const silence = silences.find((one) => isNow(one) && matchesAll(one.matchers, alert, labels));
  if (silence) return `silence ${silence.id}`;
  const window = maintenance.find(({ when, match }) => isWithin(when, atMs) && matchesAll(match, alert, labels));
  return window ? `maintenance ${window.name}` : '';
}

function agree(one: Labels, other: Labels): boolean {
  return Object.entries(one).every(([name, value]) => !Object.hasOwn(other, name) || other[name] === value);
}
