import { z } from 'zod';
import { phases } from '../alerts/advance-state.ts';
import { type Alert, severities } from '../alerts/alert.ts';
import {
  type ActiveInstance,
  type EvaluationRecord,
  readActive,
  readHistory,
  readLastEvaluations,
  readValues,
} from '../alerts/alert-book.ts';
import { filterFor } from '../alerts/alert-filter.ts';
import type { AlertPlan } from '../alerts/alert-plan.ts';
import type { Labels } from '../alerts/instance.ts';
import { readSilences, silenceOf } from '../alerts/silence-book.ts';
import { type Suppressing, whySuppressed } from '../alerts/suppress.ts';
import { readDead, readDeliveries } from '../deliveries/delivery-book.ts';
import type { Engine } from '../engine/engine.ts';
import { printFilter } from '../filters/print-filter.ts';
import { requestFields } from '../filters/request-fields.ts';

const number = z.number().nullable();
const ms = z.int().describe('Milliseconds since 1970, UTC');
const length = z.int().describe('Milliseconds');
const labels = z.record(z.string(), z.string());
const numbers = { value: number, threshold: number, baseline: number };

const instanceAnswer = z.strictObject({
  labels,
  phase: z.enum(phases),
  sinceMs: ms.describe('Since when it is in this phase, milliseconds since 1970'),
  ...numbers,
  suppressedBy: z.string().describe('Why nobody was told that it fires; empty when nothing kept it from them'),
  quietBy: z
    .string()
    .describe(
      'Why nobody would be told of it now: "silence ID", "maintenance NAME" or "NAME fires"; empty for nothing',
    ),
  isAnnounced: z.boolean().describe('Whether receivers were told that it fires'),
  filter: z.string().nullable().describe('The requests that it is about, as a filter; null where it is not about any'),
});

const alertAnswer = z.strictObject({
  name: z.string(),
  description: z.string(),
  severity: z.enum(severities),
  state: z.enum(['inactive', 'pending', 'firing']).describe('The worst of its instances'),
  evaluatedAtMs: ms.nullable().describe('Of the last evaluation; null before the first'),
  ...numbers,
  problem: z
    .string()
    .describe(
      'Why the last evaluation failed, what is odd about it, or why a changed configuration is refused; empty when there is nothing',
    ),
  notify: z.array(z.string()).describe('Receivers'),
  instances: z.array(instanceAnswer).describe('Those that are pending or fire'),
});

export const silenceAnswer = z.strictObject({
  id: z.string(),
  matchers: z.array(z.string()),
  startsAtMs: ms,
  endsAtMs: ms,
  author: z.string(),
  comment: z.string(),
});

export const alertListAnswer = z.strictObject({
  alerts: z.array(alertAnswer).describe('What fires first'),
  silences: z.array(silenceAnswer).describe('Those that have not ended'),
  dead: z
    .array(z.strictObject({ receiver: z.string(), key: z.string(), attempts: z.int(), problem: z.string(), atMs: ms }))
    .describe('Messages that were given up, the latest 100'),
});

export const alertHistoryAnswer = z.strictObject({
  alert: alertAnswer,
  sql: z.string(),
  condition: z.looseObject({ type: z.string() }).describe('As in the configuration, with lengths in milliseconds'),
  everyMs: length,
  overMs: length,
  delayMs: length,
  forMs: length,
  keepFiringMs: length,
  labels: z.array(z.string()).describe('Columns that divide it into instances'),
  dependsOn: z.array(z.string()),
  filter: z.string().nullable().describe('The requests that it is about; null where it is not about any'),
  values: z
    .array(z.strictObject({ atMs: ms, ...numbers, met: z.int(), problem: z.string() }))
    .describe('The latest evaluations, oldest first: of the group with the greatest deviation'),
  history: z
    .array(
      z.strictObject({
        atMs: ms,
        labels,
        phase: z.enum(phases),
        announce: z.string().describe('firing or resolved: what receivers are told; empty for nothing'),
        receivers: z.array(z.string()),
        suppressedBy: z.string(),
        ...numbers,
        message: z.record(z.string(), z.unknown()).nullable().describe('What receivers are told; see docs/alerts.md'),
        deliveries: z
          .array(
            z.strictObject({
              receiver: z.string(),
              state: z.enum(['waiting', 'delivered', 'failed', 'dead']).describe('failed: it is tried again'),
              attempts: z.int(),
              problem: z.string(),
              atMs: ms.nullable().describe('Of the last attempt; null before the first'),
            }),
          )
          .describe('What became of the message, by receiver'),
      }),
    )
    .describe('The latest changes, latest first'),
});

export type AlertListAnswer = z.output<typeof alertListAnswer>;
export type AlertAnswer = z.output<typeof alertAnswer>;
export type AlertHistoryAnswer = z.output<typeof alertHistoryAnswer>;
export type AlertInstanceAnswer = AlertAnswer['instances'][number];

const mostDead = 100;
const mostHistory = 200;
const mostValues = 500;

/** What is configured, as far as an answer needs it. */
export interface WatchedAlerts extends Pick<AlertPlan, 'alerts' | 'maintenance'> {
  /** By alert: why it is not as the configuration has it now. */
  readonly refusals?: ReadonlyMap<string, string>;
}

/** Twice the longest time between two evaluations: the pages ask every few seconds, and evaluations are kept for a month. */
const shownMs = 2 * 86_400_000;

export async function readAlertList(engine: Engine, plan: WatchedAlerts): Promise<AlertListAnswer> {
  const [active, last, silences, dead] = await Promise.all([
    readActive(engine),
    readLastEvaluations(engine, Date.now() - shownMs),
    readSilences(engine),
    readDead(engine, 'alert_deliveries', mostDead),
  ]);
  const suppressing = suppressingNow(plan, active, silences.map(silenceOf));
  const described = plan.alerts.map((alert) =>
    describeAlert(alert, { active, last: last.get(alert.name), suppressing, refusal: plan.refusals?.get(alert.name) }),
  );
  return { alerts: described.toSorted((one, other) => rank(one) - rank(other)), silences, dead };
}

export async function readAlertHistory(engine: Engine, alert: Alert, plan: WatchedAlerts): Promise<AlertHistoryAnswer> {
  const [active, silences, values, history] = await Promise.all([
    readActive(engine),
    readSilences(engine),
    readValues(engine, alert.name, mostValues),
    readHistory(engine, alert.name, mostHistory),
  ]);
  const keys = history.flatMap(({ message }) => message?.key ?? []);
  const deliveries = keys.length === 0 ? [] : await readDeliveries(engine, 'alert_deliveries', keys);
  const suppressing = suppressingNow(plan, active, silences.map(silenceOf));
  const { sql, condition, everyMs, overMs, delayMs, forMs, keepFiringMs } = alert;
  return {
    alert: describeAlert(alert, {
      active,
      last: values.at(-1),
      suppressing,
      refusal: plan.refusals?.get(alert.name),
    }),
    ...{ sql, condition: { ...condition }, everyMs, overMs, delayMs, forMs, keepFiringMs },
    labels: [...alert.labels],
    dependsOn: [...alert.dependsOn],
    filter: alert.filter ?? null,
    values: values.map(({ alert: _, groups: __, ...value }) => value),
    history: history.map(({ message, ...entry }) => ({
      ...entry,
      message: message && { ...message },
      deliveries: (message ? entry.receivers : []).map((receiver) => {
        const found = deliveries.find((one) => one.receiver === receiver && one.key === message?.key);
        const { state = 'waiting' as const, attempts = 0, problem = '', atMs = null } = found ?? {};
        return { receiver, state, attempts, problem, atMs };
      }),
    })),
  };
}

function suppressingNow(
  { maintenance }: WatchedAlerts,
  active: readonly ActiveInstance[],
  silences: Suppressing['silences'],
): Suppressing {
  const firing = new Map<string, Labels[]>();
  for (const { alert, phase, labels } of active)
    if (phase === 'firing') firing.set(alert, [...(firing.get(alert) ?? []), labels]);
  return { silences, maintenance, firing };
}

interface KnownOfAlert {
  readonly active: readonly ActiveInstance[];
  /** The last evaluation. */
  readonly last: EvaluationRecord | undefined;
  readonly suppressing: Suppressing;
  readonly refusal: string | undefined;
}

function describeAlert(alert: Alert, { active, last, suppressing, refusal }: KnownOfAlert): AlertAnswer {
  const { name, description, severity, notify } = alert;
  const nowMs = Date.now();
  const instances = active
    .filter((one) => one.alert === name)
    .map(({ alert: _, ...one }) => ({
      ...one,
      quietBy: whySuppressed(alert, one.labels, nowMs, suppressing),
      filter: alert.filter === undefined ? null : printFilter(filterFor(alert, one.labels), requestFields),
    }));
  const has = (phase: string) => instances.some((one) => one.phase === phase);
  const { atMs = null, value = null, threshold = null, baseline = null, problem = '' } = last ?? {};
  return {
    ...{ name, description, severity },
    state: has('firing') ? 'firing' : has('pending') ? 'pending' : 'inactive',
    evaluatedAtMs: atMs,
    ...{ value, threshold, baseline, problem: [refusal, problem].filter(Boolean).join('; ') },
    notify: [...notify],
    instances,
  };
}

/** What fires first, the worst of it. */
function rank({ state, severity }: AlertAnswer): number {
  return ['firing', 'pending', 'inactive'].indexOf(state) * severities.length - severities.indexOf(severity);
}
