import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Alert } from '../../alerts/alert.ts';
import { backtest } from '../../alerts/backtest.ts';
import { alertEntry, alertsSection } from '../../config/sections/alerts-section.ts';
import { windowDefinition, windowName } from '../../config/sections/windows-section.ts';
import { type BacktestBounds, testWithin } from '../../windows/bounded-backtest.ts';
import { compileQuery } from '../../windows/compile-query.ts';
import type { WindowQuery } from '../../windows/window-query.ts';
import { ApiError, questionError } from '../api-error.ts';
import type { ApiRoute, ServerContext } from '../api-route.ts';
import {
  alertBacktestAnswer,
  describeAlertBacktest,
  describeWindowBacktest,
  windowBacktestAnswer,
} from '../backtest-answer.ts';
import { readDefinition } from '../read-definition.ts';
import { readRequest } from '../read-request.ts';
import { second } from '../report-query.ts';
import { alertPath, findAlert } from './alerts.ts';
import { findWindow, windowPath } from './windows.ts';

/** An answer is held in memory, and a test is one question among others. */
const mostMs = 30_000;
const bounds: BacktestBounds & { readonly most: number } = {
  most: 10_000,
  mostRows: 20_000,
  mostBytes: 8 * 1024 * 1024,
  mostMs,
};

const rangeKeys = (usual: string) => ({
  from: second.optional().describe(`Begin, a whole second in UTC. Default: ${usual} before \`to\``),
  to: second.optional().describe('End, exclusive. Default: now'),
});

const windowRange = z.strictObject(rangeKeys('an hour'));
const windowAnswer: ApiRoute['answer'] = {
  description: 'What it would have emitted',
  content: { 'application/json': windowBacktestAnswer },
};
const bounded = `It runs with the rights of a question, beside other questions, and is cancelled when the client disconnects. At most ${bounds.most} windows may be in the range. The answer ends early, and says so, after ${bounds.mostRows} rows, ${bounds.mostBytes / 1024 / 1024} MiB or ${mostMs / 1000} s.`;
const failures = [400, 413, 415, 422, 429, 500, 503];

export const windowBacktestRoute: ApiRoute = {
  method: 'POST',
  path: '/api/windows/{name}/backtest',
  operationId: 'backtestWindow',
  summary: 'What a continuous query would have emitted over the stored rows',
  description: bounded,
  pathParameters: windowPath,
  body: { 'application/json': windowRange },
  answer: windowAnswer,
  failures: [404, ...failures],
  handler(context, request, reply) {
    const { query } = findWindow(context, (request.params as z.output<typeof windowPath>).name);
    return testWindow(context, reply, query, readRequest(windowRange, 'body', request.body));
  },
};

const written = z.record(z.string(), z.unknown());
const draftBody = windowRange.extend({
  name: windowName.default('draft').describe('A lower-case identifier'),
  definition: written,
});

export const draftBacktestRoute: ApiRoute = {
  method: 'POST',
  path: '/api/windows/backtest',
  operationId: 'backtestDefinition',
  summary: 'What a continuous query would have emitted, of a definition that is not in force',
  description: `The definition is an entry of windows in tailrace.yaml, without outputs. ${bounded}`,
  body: {
    'application/json': draftBody.extend({
      definition: windowDefinition().describe('As in tailrace.yaml, without outputs'),
    }),
  },
  answer: windowAnswer,
  failures,
  handler(context, request, reply) {
    const { name, definition, ...range } = readRequest(draftBody, 'body', request.body);
    const query = { name, ...readDefinition('definition', windowDefinition(), definition), outputs: [] };
    return testWindow(context, reply, query, range);
  },
};

function testWindow(
  { engine, ...context }: ServerContext,
  reply: FastifyReply,
  query: WindowQuery,
  asked: z.output<typeof windowRange>,
) {
  const range = readRange(asked, 3_600_000);
  return answerTest(context, reply, async (signal) => {
    const asker = { ask: ((statement, options) => engine.ask(statement, { ...options, signal })) as typeof engine.ask };
    const compiled = await compileQuery(asker, query);
    return describeWindowBacktest(compiled, range, await testWithin(engine, compiled, { ...range, ...bounds }, signal));
  });
}

const alertBody = z.strictObject({ ...rangeKeys('a day'), definition: written.optional() });

export const alertBacktestRoute: ApiRoute = {
  method: 'POST',
  path: '/api/alerts/{name}/backtest',
  operationId: 'backtestAlert',
  summary: 'What an alert would have done over the stored rows',
  description: `It is evaluated at each of its times, at most 3000 times; silences and other alerts suppress nothing. The answer ends early, and says so, after ${mostMs / 1000} s. It runs with the rights of a question, beside other questions, and is cancelled when the client disconnects.`,
  pathParameters: alertPath,
  body: {
    'application/json': alertBody.extend({
      definition: alertEntry()
        .optional()
        .describe('An entry of alerts in tailrace.yaml; default: the alert of this name as it is'),
    }),
  },
  answer: { description: 'What it would have done', content: { 'application/json': alertBacktestAnswer } },
  failures: [404, ...failures],
  handler(context, request, reply) {
    const { name } = request.params as z.output<typeof alertPath>;
    const { definition, ...asked } = readRequest(alertBody, 'body', request.body);
    const alert = definition === undefined ? findAlert(context, name) : readAlert(name, definition);
    const { fromMs, untilMs } = readRange(asked, 86_400_000);
    const { maintenance = [], publicUrl } = context.alerts()?.plan ?? {};
    return answerTest(context, reply, async (signal) => {
      const options = { engine: context.engine, maintenance, publicUrl, signal, mostMs };
      const result = await backtest(alert, { fromMs, toMs: untilMs }, options);
      return describeAlertBacktest(name, { fromMs, untilMs }, result);
    });
  },
};

/** Also one that changes an alert of the starter pack. @throws ApiError */
function readAlert(name: string, definition: Readonly<Record<string, unknown>>): Alert {
  const found = readDefinition('alerts', alertsSection(), { [name]: definition }).find((one) => one.name === name);
  if (found) return found;
  throw new ApiError(400, 'TAILRACE_REQUEST_INVALID', `cannot test "${name}": it is not enabled`, {
    remedy: 'Remove enabled.',
  });
}

/** @throws ApiError when it ends before it begins */
function readRange({ from, to }: { from?: number | undefined; to?: number | undefined }, usualMs: number) {
  const untilMs = to ?? Date.now();
  const fromMs = from ?? untilMs - usualMs;
  if (fromMs < untilMs) return { fromMs, untilMs };
  throw new ApiError(400, 'TAILRACE_REQUEST_INVALID', 'cannot read the body: "from" is not before "to"', {
    remedy: 'Write an earlier "from".',
  });
}

/** Counts and bounds it as a question. */
async function answerTest<T>(
  { running, metrics }: Pick<ServerContext, 'running' | 'metrics'>,
  reply: FastifyReply,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = running.begin(reply, 'question');
  const end = metrics.startQuery('question');
  try {
    const answer = await work(signal);
    end('answered');
    reply.header('cache-control', 'no-store');
    return answer;
  } catch (error) {
    end(signal.aborted ? 'cancelled' : 'failed');
    throw questionError(error);
  }
}
