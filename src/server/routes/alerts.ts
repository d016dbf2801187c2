import { z } from 'zod';
import type { Alert } from '../../alerts/alert.ts';
import { parseMatcher } from '../../alerts/matchers.ts';
import { addSilence, endSilence } from '../../alerts/silence-book.ts';
import { replayDead } from '../../deliveries/delivery-book.ts';
import {
  type AlertHistoryAnswer,
  type AlertListAnswer,
  alertHistoryAnswer,
  alertListAnswer,
  readAlertHistory,
  readAlertList,
  silenceAnswer,
  type WatchedAlerts,
} from '../alert-answer.ts';
import { ApiError } from '../api-error.ts';
import type { ApiRoute, ServerContext } from '../api-route.ts';
import { readRequest } from '../read-request.ts';

const ms = z.int().describe('Milliseconds since 1970, UTC');

export const alertPath = z.strictObject({ name: z.string() });

export const alertsRoute: ApiRoute = {
  method: 'GET',
  path: '/api/alerts',
  operationId: 'listAlerts',
  summary: 'All alerts with their state',
  answer: {
    description: 'Their state, silences, and messages that were given up',
    content: { 'application/json': alertListAnswer },
  },
  failures: [500],
  handler(context, _request, reply): Promise<AlertListAnswer> {
    reply.header('cache-control', 'no-store');
    return readAlertList(context.engine, watched(context));
  },
};

export const alertRoute: ApiRoute = {
  method: 'GET',
  path: '/api/alerts/{name}',
  operationId: 'getAlert',
  summary: 'One alert with its history',
  pathParameters: alertPath,
  answer: {
    description: 'Its state, its last values, and its last changes',
    content: { 'application/json': alertHistoryAnswer },
  },
  failures: [404, 500],
  handler(context, request, reply): Promise<AlertHistoryAnswer> {
    reply.header('cache-control', 'no-store');
    const { name } = request.params as z.output<typeof alertPath>;
    return readAlertHistory(context.engine, findAlert(context, name), watched(context));
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
  audience: 'operator',
  operationId: 'addSilence',
  summary: 'Tell nobody of what matches, for some time',
  description: 'As "tailrace alerts silence" does.',
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
  audience: 'operator',
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
  audience: 'operator',
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

function watched({ alerts }: ServerContext): WatchedAlerts {
  const running = alerts();
  return { alerts: [], maintenance: [], ...running?.plan, refusals: running?.refusals ?? new Map() };
}

/** @throws ApiError 404 */
export function findAlert(context: ServerContext, name: string): Alert {
  const found = watched(context).alerts.find((one) => one.name === name);
  if (found) return found;
  throw new ApiError(404, 'TAILRACE_NOT_FOUND', `cannot find the alert "${name}": there is no such alert`, {
    remedy: 'GET /api/alerts lists them; restart the server if the configuration has changed.',
  });
}
