import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { Engine } from '../../engine/engine.ts';
import { beforeNewest, newestSequence, readEmissions } from '../../windows/read-emissions.ts';
import type { ApiRoute } from '../api-route.ts';
import { readRequest } from '../read-request.ts';
import { streamAnswer } from '../stream-answer.ts';
import { findWindow, windowPath } from './windows.ts';

const headers = z.object({
  'Last-Event-ID': z
    .string()
    .optional()
    .describe(
      'Id of the last event that was received: continues after it. 0: all that is kept. Without it: what is emitted from now on',
    ),
});

const mostNewest = 1000;
/** Of the newest windows that a reader begins with: a page that opens should not wait for long. */
const mostRows = 5000;

const query = z.strictObject({
  newest: z.coerce
    .number()
    .int()
    .min(1)
    .max(mostNewest)
    .optional()
    .describe(
      `Begins with so many windows that were emitted last, with at most ${mostRows} rows together, without Last-Event-ID`,
    ),
});

/** Emitted windows are looked for this often. */
const lookMs = 500;
/** A comment is sent after so long, so that a connection that is gone is noticed. */
const silenceMs = 15_000;
const mostAtOnce = 100;

export const windowStreamRoute: ApiRoute = {
  method: 'GET',
  path: '/api/windows/{name}/stream',
  operationId: 'streamWindow',
  summary: 'Emitted windows, as they are emitted',
  description:
    'Server-sent events of the type window. Each has the sequence number of the window as id, and as data a JSON object: query, sequence, window_start, window_end, correction, version, and rows with the columns of the query. A correction replaces what was emitted for its window. Reconnecting with Last-Event-ID leaves out nothing that is kept, and repeats nothing.',
  pathParameters: windowPath,
  headers,
  query,
  answer: { description: 'The events', content: { 'text/event-stream': undefined } },
  failures: [400, 404, 429, 500, 503],
  async handler(context, request, reply) {
    const { name } = findWindow(context, (request.params as z.output<typeof windowPath>).name).query;
    const { newest } = readRequest(query, 'query', request.query);
    const after = await startOf(context.engine, name, request.headers['last-event-id'], newest);
    const signal = context.running.begin(reply, 'stream');
    reply.header('x-accel-buffering', 'no');
    return streamAnswer(reply, streamEvents(context.engine, name, after, signal), 'text/event-stream; charset=utf-8');
  },
};

/** After which sequence number a reader goes on. @param newest windows that it wants when it knows none */
async function startOf(engine: Engine, name: string, last: unknown, newest: number | undefined): Promise<number> {
  const isKnown = /^\d{1,15}$/.test(String(last ?? ''));
  if (!isKnown && newest !== undefined) return beforeNewest(engine, name, { most: newest, mostRows });
  const latest = await newestSequence(engine, name);
  // Numbers begin anew after all windows of a query have expired: to who knows a greater one, all that is kept is new.
  return isKnown && Number(last) > latest ? 0 : isKnown ? Number(last) : latest;
}

async function* streamEvents(engine: Engine, query: string, from: number, signal: AbortSignal): AsyncGenerator<string> {
  yield ': begins\n\n';
  let after = from;
  for (let saidMs = performance.now(); !signal.aborted; ) {
    const found = await readEmissions(engine, query, { after, most: mostAtOnce });
    for (const { sequence, json } of found) yield `id: ${sequence}\nevent: window\ndata: ${json}\n\n`;
    after = found.at(-1)?.sequence ?? after;
    if (found.length > 0) saidMs = performance.now();
    else if (performance.now() - saidMs > silenceMs) {
      yield ': nothing yet\n\n';
      saidMs = performance.now();
    }
    if (found.length < mostAtOnce) await setTimeout(lookMs, undefined, { signal }).catch(() => {});
  }
}
