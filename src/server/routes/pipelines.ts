import { z } from 'zod';
import { readActive } from '../../alerts/alert-book.ts';
import type { Alerts } from '../../alerts/run-alerts.ts';
import { readDead } from '../../deliveries/delivery-book.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Feed } from '../../ledger/read-feeds.ts';
import type { PipelineStatus } from '../../pipeline/run-pipelines.ts';
import type { ApiRoute } from '../api-route.ts';
import { describeDestination, destinationAnswer } from '../destination-answer.ts';
import { describeLake, lakeAnswer } from '../lake-answer.ts';
import { waitAtMost } from '../wait-at-most.ts';

const moment = z.string().describe('YYYY-MM-DD HH:MM:SS.mmm, UTC');

const oldest = z
  .number()
  .nullable()
  .describe('Milliseconds since the oldest line that is not stored yet was read; null when there is none');

const count = (text: string) => z.int().describe(`${text}, since the pipeline started`);

const pipelineAnswer = z.strictObject({
  name: z.string().describe('As in the configuration; http for the HTTP intake'),
  source: z.string().describe('Type of the source: kinesis, s3, files, stdin, http'),
  state: z
    .enum(['failed', 'retrying', 'starting', 'running', 'stopped'])
    .describe(
      'failed: needs manual action, and is retried occasionally; retrying: a call or a batch is being repeated; stopped: the input has ended',
    ),
  problem: z.string().nullable().describe('The current problem, in words'),
  isHeldBack: z.boolean().describe('Whether back-pressure from the store holds the source back'),
  linesPerSecond: z.number().describe('Lines stored per second, over the last ten seconds'),
  lagMs: z
    .number()
    .nullable()
    .describe('Milliseconds behind the newest, as the service reports it: maximum of the parts; null when unknown'),
  oldestUnacknowledgedMs: oldest,
  waitingBytes: z.int().describe('Bytes that were read and are not stored yet; of files their size on disk'),
  waitingDeliveries: z
    .int()
    .describe('Objects (ranges of records, files, requests) that were read and are not stored yet'),
  retries: count('Calls of the source and batches of the store that were repeated'),
  lastBatchMs: z.number().nullable().describe('Milliseconds that the last batch took; null before the first'),
  lastStoredAt: moment.nullable().describe('When lines were stored last, UTC; null if never, or not within a week'),
  usualGapMs: z
    .number()
    .nullable()
    .describe('Milliseconds that 9 of 10 of its last 100 gaps between stored lines did not exceed; null while too few'),
  counts: z.strictObject({
    lines: count('Lines that were received: rows + rejected + comments + excluded'),
    rows: count('Lines that were stored in requests or logs'),
    rejected: count('Lines that are kept in rejects'),
    comments: count('Lines that are not events: directives, headers, blank lines'),
    excluded: count('Lines that the rules of the pipeline leave out'),
    bytes: count('Bytes that were stored; of files their size on disk'),
    deliveries: count('Objects (ranges of records, files, requests) that were received'),
    known: count('Deliveries that were already stored and are skipped'),
    batches: count('Batches, each stored as a whole or not at all'),
    events: count('Drift, changed columns, files that cannot be read'),
  }),
  outcomes: z
    .record(z.string(), z.int())
    .describe('Counts of objects and messages since the source started, by outcome; empty without objects'),
  parts: z
    .array(
      z.strictObject({
        name: z.string(),
        lagMs: z.number().nullable(),
        oldestUnacknowledgedMs: oldest,
        waiting: z
          .int()
          .nullable()
          .describe('Approximate number of messages in the queue that are not in flight; null without a queue'),
      }),
    )
    .describe('Shards, queues, files: parts with a lag of their own'),
});

const event = z.strictObject({
  at: moment,
  name: z.string().describe('E.g. layout_drift, columns_changed'),
  origin: z.string().describe('The object concerned'),
  detail: z.string(),
});

const pipelinesAnswer = z.strictObject({
  now: moment.describe('When this was read, UTC, by the server’s clock'),
  since: moment.describe('When the process started, UTC'),
  pipelines: z.array(pipelineAnswer).describe('Those in trouble first'),
  destinations: z.array(destinationAnswer).describe('Where closed batches are delivered, beyond the store'),
  lake: lakeAnswer.nullable().describe('The lake of the configuration; null without one'),
  alerts: z
    .strictObject({
      firing: z.array(z.string()).describe('Names of those that fire'),
      dead: z.int().describe('Messages that were given up'),
    })
    .nullable()
    .describe('What is watched; null where nothing is, and while the store does not answer'),
  events: z
    .array(event)
    .nullable()
    .describe('Rows of the table events, which need attention: the latest first; null while the store does not answer'),
});

export type PipelineAnswer = z.output<typeof pipelineAnswer>;
export type PipelinesAnswer = z.output<typeof pipelinesAnswer>;

export const pipelinesRoute: ApiRoute = {
  method: 'GET',
  path: '/api/pipelines',
  operationId: 'listPipelines',
  summary: 'State of the pipelines, the destinations and the lake',
  description: 'Answers even while the store does not, since it is needed most then.',
  answer: { description: 'Their current state', content: { 'application/json': pipelinesAnswer } },
  failures: [500],
  async handler(
    { engine, readFeeds, pipelines, destinations, lake, alerts },
    _request,
    reply,
  ): Promise<PipelinesAnswer> {
    reply.header('cache-control', 'no-store');
    const feeds = await readFeeds();
    const lakeStatus = lake();
    const watched = alerts();
    const [events, inTrouble] = await Promise.all([
      readEvents(engine),
      watched ? readAlertTrouble(engine, watched) : null,
    ]);
    return {
      now: printTime(Date.now()),
      since: printTime(performance.timeOrigin),
      pipelines: pipelines()
        .toSorted((a, b) => troubleRank(a) - troubleRank(b))
        .map((status) => describePipeline(status, feeds.get(status.name))),
      destinations: destinations().map(describeDestination),
      lake: lakeStatus ? describeLake(lakeStatus) : null,
      alerts: inTrouble,
      events,
    };
  },
};

const troubles: readonly string[] = ['failed', 'retrying', 'held back', 'starting', 'running', 'stopped'];

function troubleRank({ state, isHeldBack }: PipelineStatus): number {
  return troubles.indexOf(state === 'running' && isHeldBack ? 'held back' : state);
}

function describePipeline(status: PipelineStatus, feed: Feed | undefined): PipelineAnswer {
  const { name, source, state, isHeldBack, linesPerSecond, retries, counts } = status;
  const lastStoredAtMs = counts.lastStoredAtMs ?? feed?.lastStoredAtMs;
  const { lines, rows, rejected, comments, excluded, bytes, deliveries, known, batches, events } = counts;
  return {
    name,
    source,
    state,
    problem: status.problem ?? null,
    isHeldBack,
    linesPerSecond,
    lagMs: status.lagMs ?? null,
    oldestUnacknowledgedMs: status.oldestUnacknowledgedMs ?? null,
    waitingBytes: counts.waitingBytes,
    waitingDeliveries: counts.waitingDeliveries,
    retries,
    lastBatchMs: batches === 0 ? null : counts.batchMs,
    lastStoredAt: lastStoredAtMs === undefined ? null : printTime(lastStoredAtMs),
    usualGapMs: feed?.usualGapMs ?? null,
    counts: { lines, rows, rejected, comments, excluded, bytes, deliveries, known, batches, events },
    outcomes: status.outcomes,
    parts: status.parts.map((part) => ({
      name: part.name,
      lagMs: part.lagMs ?? null,
      oldestUnacknowledgedMs: part.oldestUnacknowledgedMs ?? null,
      waiting: part.waiting ?? null,
    })),
  };
}

const shownEvents = 20;
/** Of more of them it is not said how many there are. */
const mostDead = 100;
/** A client that polls every second or two must not wait for a store that hangs. */
const storeWithinMs = 1000;

async function readEvents(engine: Engine): Promise<PipelinesAnswer['events']> {
  const events = engine.rows<z.output<typeof event>>({
    sql: `
      SELECT toString(at) AS at, name, origin, detail
      FROM events
      ORDER BY events.at DESC
      LIMIT {limit:UInt8}`,
    params: { limit: shownEvents },
  });
  return (await waitAtMost(events, storeWithinMs)) ?? null;
}

async function readAlertTrouble(engine: Engine, { plan }: Alerts): Promise<PipelinesAnswer['alerts']> {
  const found = await waitAtMost(
    Promise.all([readActive(engine), readDead(engine, 'alert_deliveries', mostDead)]),
    storeWithinMs,
  );
  if (!found) return null;
  const [active, dead] = found;
  const firing = new Set(active.filter(({ phase }) => phase === 'firing').map(({ alert }) => alert));
  return { firing: plan.alerts.map(({ name }) => name).filter((name) => firing.has(name)), dead: dead.length };
}

function printTime(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}
