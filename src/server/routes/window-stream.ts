import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { Engine } from '../../engine/engine.ts';
import { newestSequence, readEmissions } from '../../windows/read-emissions.ts';
import type { ApiRoute } from '../api-route.ts';
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
  answer: { description: 'The events', content: { 'text/event-stream': undefined } },
  failures: [404, 429, 500, 503],
  async handler(context, request, reply) {
    const { query } = findWindow(context, (request.params as z.output<typeof windowPath>).name);
    const last = request.headers['last-event-id'];
    const newest = await newestSequence(context.engine, query.name);
    const known = /^\d{1,15}$/.test(String(last ?? '')) ? Number(last) : newest;
    // Numbers begin anew after all windows of a query have expired: to who knows a greater one, all that is kept is new.
    const after = known > newest ? 0 : known;
    const signal = context.running.begin(reply, 'stream');
    reply.header('x-accel-buffering', 'no');
    return streamAnswer(
      reply,
      streamEvents(context.engine, query.name, after, signal),
      'text/event-stream; charset=utf-8',
    );
  },
};

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
