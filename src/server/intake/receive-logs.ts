import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Delivery, Receipt, Sink } from '../../sources/source.ts';
import { ApiError } from '../api-error.ts';
import type { RunningRequests } from '../running-requests.ts';
import { BodyBudget } from './body-budget.ts';
import type { Answer, Intake } from './intake.ts';
import type { AllIntakeCounts, IntakeCounts } from './intake-counts.ts';
import { OriginLanes } from './origin-lanes.ts';
import { readBody } from './read-body.ts';
import { busy, unavailable } from './retry-later.ts';

export interface ReceiverOptions {
  readonly sink: Sink | undefined;
  readonly counts: AllIntakeCounts;
  readonly running: RunningRequests;
  /** Limit of what all requests hold in memory together; the default takes two of the largest batches of Firehose. */
  readonly maxHeldBytes?: number;
}

const defaultMaxHeldBytes = 256 * 1024 * 1024;

/**
 * Takes one request through an intake, within the limits that hold for all of them.
 *
 * @returns a handler; it throws ApiError 429 and 503 when nothing can be taken now, and what the intake throws
 */
export function createReceiver({ sink, counts, running, maxHeldBytes = defaultMaxHeldBytes }: ReceiverOptions) {
  if (sink === undefined) return refuseAll;
  const budget = new BodyBudget(maxHeldBytes);
  const lanes = new OriginLanes(sink);
  return async (intake: Intake, request: FastifyRequest, reply: FastifyReply): Promise<Answer> => {
    const { full, problem } = sink.pressure();
    if (problem !== undefined) throw unavailable(problem);
    if (full) throw busy('what came before is not stored yet');
    const signal = running.begin(reply, 'intake');
    const count = counts[intake.name];
    const hold = budget.open();
    try {
      return await intake.take({
        request,
        body: countBytes(readBody(request.raw, intake.maxBodyBytes, hold), count),
        arrivedAtMs: Date.now(),
        hold,
        store: (deliveries) => store(lanes, deliveries, signal, count),
        countRejected: (lines) => {
          count.rejected += lines;
        },
      });
    } finally {
      hold.release();
    }
  };
}

async function store(
  lanes: OriginLanes,
  deliveries: readonly Delivery[],
  signal: AbortSignal,
  count: IntakeCounts,
): Promise<readonly Receipt[]> {
  const receipts = await Promise.all(deliveries.map((delivery) => lanes.store(delivery, signal)));
  for (const { known, lines, rejected } of receipts) {
    if (known) continue;
    count.lines += lines;
    count.rejected += rejected;
  }
  return receipts;
}

async function* countBytes(body: AsyncIterable<Uint8Array>, count: IntakeCounts): AsyncGenerator<Uint8Array> {
  for await (const piece of body) {
    count.bytes += piece.length;
    yield piece;
  }
}

function refuseAll(): Promise<Answer> {
  throw new ApiError(503, 'TAILRACE_NOT_READY', 'cannot take logs: this server only answers questions', {
    remedy: 'Send them to a server that was started with "tailrace up".',
  });
}
