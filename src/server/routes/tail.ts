import { z } from 'zod';
import type { Engine } from '../../engine/engine.ts';
import { explored } from '../../explore/explored-table.ts';
import { type FollowedRows, followRows } from '../../explore/follow-rows.ts';
import type { ApiRoute } from '../api-route.ts';
import { columnsQuery, explorePath, readColumns, readTable } from '../explore-query.ts';
import { readRequest } from '../read-request.ts';
import { readFilterText } from '../report-query.ts';
import { streamAnswer } from '../stream-answer.ts';

const tailQuery = z.strictObject({
  q: z.string().default('').describe('Filter; empty for all'),
  columns: columnsQuery,
});

/** A comment is sent after so long, so that a connection that is gone is noticed. */
const silenceMs = 15_000;

export const tailRoute: ApiRoute = {
  method: 'GET',
  path: '/api/explore/{table}/tail',
  operationId: 'tailRows',
  summary: 'Rows as they are stored',
  description:
    'Server-sent events of the type rows: a JSON object with the newest rows of batches that were closed since the event before, at most 50, and `leftOut`, how many more there were. At most four events a second. A reader that takes nothing for a minute is left.',
  pathParameters: explorePath,
  query: tailQuery,
  answer: { description: 'The events', content: { 'text/event-stream': undefined } },
  failures: [400, 404, 429, 500, 503],
  handler({ engine, running }, request, reply) {
    const table = readTable(request.params);
    const { q, columns } = readRequest(tailQuery, 'query', request.query);
    const question = {
      table,
      q: readFilterText(q, explored[table].fields),
      columns: readColumns(table, columns),
    };
    const signal = running.begin(reply, 'tail');
    reply.header('x-accel-buffering', 'no');
    return streamAnswer(reply, tail(engine, question, signal), 'text/event-stream; charset=utf-8');
  },
};

async function* tail(engine: Engine, question: FollowedRows, signal: AbortSignal): AsyncGenerator<string> {
  yield ': begins\n\n';
  let saidMs = performance.now();
  for await (const found of followRows(engine, question, signal)) {
    if (found.rows.length > 0) yield `event: rows\ndata: ${JSON.stringify(found)}\n\n`;
    else if (performance.now() - saidMs > silenceMs) yield ': nothing yet\n\n';
    else continue;
    saidMs = performance.now();
  }
}
