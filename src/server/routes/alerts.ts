import { z } from 'zod';
import { phases } from '../../alerts/advance-state.ts';
import { type Alert, severities } from '../../alerts/alert.ts';
import {
  type ActiveInstance,
  type EvaluationRecord,
  readActive,
  readHistory,
  readLastEvaluations,
  readValues,
} from '../../alerts/alert-book.ts';
import { parseMatcher } from '../../alerts/matchers.ts';
import { addSilence, endSilence, readSilences } from '../../alerts/silence-book.ts';
import { readDead, replayDead } from '../../deliveries/delivery-book.ts';
import { ApiError } from '../api-error.ts';
import type { ApiRoute, ServerContext } from '../api-route.ts';
import { readRequest } from '../read-request.ts';

const number = z.number().nullable();
const ms = z.int().describe('Milliseconds since 1970, UTC');
const labels = z.record(z.string(), z.string());
const numbers = { value: number, threshold: number, baseline: number };

const instanceAnswer = z.strictObject({
  labels,
  phase: z.enum(phases),
  sinceMs: ms.describe('Since when it is in this phase, milliseconds since 1970'),
  ...numbers,
  suppressedBy: z.string().describe('Why nobody was told that it fires; empty when nothing keeps it from them'),
  isAnnounced: z.boolean().describe('Whether receivers were told that it fires'),
});

const alertAnswer = z.strictObject({
  name: z.string(),
  description: z.string(),
  severity: z.enum(severities),
  state: z.enum(['inactive', 'pending', 'firing']).describe('The worst of its instances'),
  evaluatedAtMs: ms.nullable().describe('Of the last evaluation; null before the first'),
  ...numbers,
  problem: z.string().describe('Why the last evaluation failed, or what is odd about it; empty when there is nothing'),
  notify: z.array(z.string()).describe('Receivers'),
  instances: z.array(instanceAnswer).describe('Those that are pending or fire'),
});

const silenceAnswer = z.strictObject({
  id: z.string(),
  matchers: z.array(z.string()),
  startsAtMs: ms,
  endsAtMs: ms,
  author: z.string(),
  comment: z.string(),
});

const listAnswer = z.strictObject({
  alerts: z.array(alertAnswer).describe('What fires first'),
  silences: z.array(silenceAnswer).describe('Those that have not ended'),
  dead: z
    .array(z.strictObject({ receiver: z.string(), key: z.string(), attempts: z.int(), problem: z.string(), atMs: ms }))
    .describe('Messages that were given up, the latest 100'),
});

const historyAnswer = z.strictObject({
  alert: alertAnswer,
  sql: z.string(),
  everyMs: z.int(),
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
      }),
    )
    .describe('The latest changes, latest first'),
});

export type AlertListAnswer = z.output<typeof listAnswer>;
export type AlertAnswer = z.output<typeof alertAnswer>;
export type AlertHistoryAnswer = z.output<typeof historyAnswer>;

const mostDead = 100;
const mostHistory = 200;
const mostValues = 500;

export const alertsRoute: ApiRoute = {
  method: 'GET',
  path: '/api/alerts',
  operationId: 'listAlerts',
  summary: 'All alerts with their state',
  answer: {
    description: 'Their state, silences, and messages that were given up',
    content: { 'application/json': listAnswer },
  },
  failures: [500],
  async handler({ engine, alerts }, _request, reply): Promise<AlertListAnswer> {
    reply.header('cache-control', 'no-store');
    const [active, last, silences, dead] = await Promise.all([
      readActive(engine),
      readLastEvaluations(engine),
      readSilences(engine),
      readDead(engine, 'alert_deliveries', mostDead),
    ]);
    const described = planned(alerts).map((alert) => describeAlert(alert, active, last.get(alert.name)));
    return { alerts: described.toSorted((one, other) => rank(one) - rank(other)), silences, dead };
  },
};

export const alertRoute: ApiRoute = {
  method: 'GET',
  path: '/api/alerts/{name}',
  operationId: 'getAlert',
  summary: 'One alert with its history',
  pathParameters: z.strictObject({ name: z.string() }),
  answer: {
    description: 'Its state, its last values, and its last changes',
    content: { 'application/json': historyAnswer },
  },
  failures: [404, 500],
  async handler({ engine, alerts }, request, reply): Promise<AlertHistoryAnswer> {
    reply.header('cache-control', 'no-store');
    const { name } = request.params as { name: string };
    const alert = planned(alerts).find((one) => one.name === name);
    if (!alert) {
      const remedy = 'GET /api/alerts lists them; restart the server if the configuration has changed.';
      throw new ApiError(404, 'TAILRACE_NOT_FOUND', `cannot find the alert "${name}": there is no such alert`, {
        remedy,
      });
    }
    const [active, values, history] = await Promise.all([
      readActive(engine),
      readValues(engine, name, mostValues),
      readHistory(engine, name, mostHistory),
    ]);
    return {
      alert: describeAlert(alert, active, values.at(-1)),
      sql: alert.sql,
      everyMs: alert.everyMs,
      values: values.map(({ atMs, value, threshold, baseline, met, problem }) => ({
        atMs,
        value,
        threshold,
        baseline,
        met,
        problem,
      })),
      history: history.map(({ message, ...entry }) => ({ ...entry, message: message && { ...message } })),
    };
  },
};

const silenceBody = z.strictObject({
  matchers: z
    .array(
      z.string().refine((text) => parseMatcher(text) !== undefined, 'is no matcher: write label=text or label!=text'),
    )
    .min(1)
    .max(20)
    .describe(
      'All must match: label=text or label!=text, with * for any characters; alert and severity are labels too',
    ),
  startsAtMs: ms.min(0).optional().describe('Default now; milliseconds since 1970'),
  endsAtMs: ms.min(0),
  author: z.string().min(1).max(200),
  comment: z.string().max(1000).default(''),
});

export const silenceRoute: ApiRoute = {
  method: 'POST',
  path: '/api/silences',
  audience: 'owner',
  operationId: 'addSilence',
  summary: 'Tell nobody of what matches, for some time',
  description: 'For "tailrace alerts silence" of the user who runs the server.',
  body: { 'application/json': silenceBody },
  answer: { description: 'The silence', content: { 'application/json': silenceAnswer } },
  failures: [400, 413, 415, 429],
  async handler({ engine }, request) {
    const { startsAtMs = Date.now(), ...rest } = readRequest(silenceBody, 'body', request.body);
    if (rest.endsAtMs <= Math.max(startsAtMs, Date.now()))
      throw new ApiError(
        400,
        'TAILRACE_REQUEST_INVALID',
        'cannot add a silence: it ends before it begins, or has ended',
        {
          remedy: 'Write a later endsAtMs.',
        },
      );
    return addSilence(engine, { startsAtMs, ...rest });
  },
};

export const endSilenceRoute: ApiRoute = {
  method: 'DELETE',
  path: '/api/silences/{id}',
  audience: 'owner',
  operationId: 'endSilence',
  summary: 'End a silence now',
  pathParameters: z.strictObject({ id: z.string() }),
  answer: { description: 'It has ended', content: { 'application/json': z.strictObject({ ended: z.string() }) } },
  failures: [404, 429],
  async handler({ engine }, request) {
    const { id } = request.params as { id: string };
    if (await endSilence(engine, id)) return { ended: id };
    throw new ApiError(404, 'TAILRACE_NOT_FOUND', `cannot end the silence "${id}": there is none, or it has ended`);
  },
};

const replayBody = z.strictObject({
  receiver: z.string().max(100).default('').describe('Only of this one; empty for all'),
});

export const replayMessagesRoute: ApiRoute = {
  method: 'POST',
  path: '/api/alerts/replay',
  audience: 'owner',
  operationId: 'replayMessages',
  summary: 'Send messages once more that were given up',
  body: { 'application/json': replayBody },
  answer: {
    description: 'How many',
    content: { 'application/json': z.strictObject({ messages: z.int() }) },
  },
  failures: [400, 413, 415, 429],
  async handler({ engine, alerts }, request) {
    const { receiver } = readRequest(replayBody, 'body', request.body);
    const messages = await replayDead(engine, 'alert_deliveries', (name) => receiver === '' || name === receiver);
    alerts()?.wake();
    return { messages };
  },
};

function planned(alerts: ServerContext['alerts']): readonly Alert[] {
  return alerts()?.plan.alerts ?? [];
}

/** @param last the last evaluation */
export function describeAlert(
  alert: Alert,
  active: readonly ActiveInstance[],
  last: EvaluationRecord | undefined,
): AlertAnswer {
  const { name, description, severity, notify } = alert;
  const instances = active.filter((one) => one.alert === name).map(({ alert: _, ...one }) => one);
  const has = (phase: string) => instances.some((one) => one.phase === phase);
  const { atMs = null, value = null, threshold = null, baseline = null, problem = '' } = last ?? {};
  const state = has('firing') ? 'firing' : has('pending') ? 'pending' : 'inactive';
  return {
    name,
    description,
    severity,
    state,
    evaluatedAtMs: atMs,
    value,
    threshold,
    baseline,
    problem,
    notify: [...notify],
    instances,
  };
}

/** What fires first, the worst of it. */
function rank({ state, severity }: AlertAnswer): number {
  return ['firing', 'pending', 'inactive'].indexOf(state) * severities.length - severities.indexOf(severity);
}
