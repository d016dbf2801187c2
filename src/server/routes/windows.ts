import { z } from 'zod';
import { replayDead } from '../../deliveries/delivery-book.ts';
import { isOutputOf, readDeadWindows } from '../../windows/outputs/output-book.ts';
import type { WindowStatus } from '../../windows/window-entry.ts';
import { ApiError } from '../api-error.ts';
import type { ApiRoute, ServerContext } from '../api-route.ts';
import { describeWindow, type WindowAnswer, windowAnswer } from '../window-answer.ts';

export const windowPath = z.object({ name: z.string().describe('Name of the continuous query') });

/** Of the windows that were given up, of each output. */
const mostDeadShown = 20;

export const windowListRoute: ApiRoute = {
  method: 'GET',
  path: '/api/windows',
  operationId: 'listWindows',
  summary: 'Continuous queries and their state',
  answer: {
    description: 'All of them, in the order of the configuration',
    content: { 'application/json': z.strictObject({ windows: z.array(windowAnswer) }) },
  },
  failures: [500],
  async handler(context, _request, reply) {
    reply.header('cache-control', 'no-store');
    return { windows: await describeAll(context, context.windows()) };
  },
};

export const windowRoute: ApiRoute = {
  method: 'GET',
  path: '/api/windows/{name}',
  operationId: 'getWindow',
  summary: 'One continuous query and its state',
  description: 'Its results are rows of the table that it names; ask for them with POST /api/query.',
  pathParameters: windowPath,
  answer: { description: 'Its state', content: { 'application/json': windowAnswer } },
  failures: [404, 500],
  async handler(context, request, reply) {
    reply.header('cache-control', 'no-store');
    const status = findWindow(context, (request.params as z.output<typeof windowPath>).name);
    return (await describeAll(context, [status]))[0];
  },
};

export const replayWindowsRoute: ApiRoute = {
  method: 'POST',
  path: '/api/windows/{name}/replay',
  audience: 'operator',
  operationId: 'replayWindows',
  summary: 'Send windows once more that outputs of a continuous query did not take',
  description: 'As "tailrace windows replay" does. Each is sent with its key as before.',
  pathParameters: windowPath,
  answer: { description: 'How many', content: { 'application/json': z.strictObject({ windows: z.int() }) } },
  failures: [404, 429],
  async handler(context, request) {
    const { query } = findWindow(context, (request.params as z.output<typeof windowPath>).name);
    return { windows: await replayDead(context.engine, 'window_deliveries', isOutputOf(query.name)) };
  },
};

/** With where each is from, and what its outputs were not sent. */
export async function describeAll(
  { engine, savedWindows }: ServerContext,
  all: readonly WindowStatus[],
): Promise<WindowAnswer[]> {
  const dead = await readDeadWindows(engine, mostDeadShown);
  return all.map((status) =>
    describeWindow(status, { origin: savedWindows()?.isSaved(status.query.name) ? 'api' : 'configuration', dead }),
  );
}

/** @throws ApiError 404 */
export function findWindow({ windows }: ServerContext, name: string) {
  const found = windows().find(({ query }) => query.name === name);
  if (found) return found;
  throw new ApiError(404, 'TAILRACE_NOT_FOUND', `there is no continuous query "${name}"`, {
    remedy: 'GET /api/windows lists them.',
  });
}
