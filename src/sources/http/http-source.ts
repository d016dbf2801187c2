import { once } from 'node:events';
import type { Delivery, Receipt, Sink, Source, SourceStatus } from '../source.ts';
import { BodyBudget } from './body-budget.ts';
import type { Answer, Intake, IntakeRequest } from './intake.ts';
import { createIntakeCounts, type IntakeCounts } from './intake-counts.ts';
import { OriginLanes } from './origin-lanes.ts';
import { readBody } from './read-body.ts';
import { busy, unavailable } from './retry-later.ts';

/** Enough for two of the largest batches of Firehose. */
const defaultMaxHeldBytes = 256 * 1024 * 1024;
/** Well below what makes the sink full, because lines that wait take memory and files do not. */
const maxWaitingBytes = 64 * 1024 * 1024;

/** Logs sent over HTTP. The HTTP server hands over the requests, which are accepted while the source runs. */
export class HttpSource implements Source {
  readonly type = 'http';
  /** Counts since the start, by intake. */
  readonly counts = createIntakeCounts();
  readonly #budget: BodyBudget;
  #taking: { readonly sink: Sink; readonly lanes: OriginLanes } | undefined;
  #isEnded = false;

  /** @param maxHeldBytes memory limit of all requests together */
  constructor(maxHeldBytes = defaultMaxHeldBytes) {
    this.#budget = new BodyBudget(maxHeldBytes);
  }

  async check(): Promise<readonly string[]> {
    return [];
  }

  async run(sink: Sink, signal: AbortSignal): Promise<void> {
    this.#taking = { sink, lanes: new OriginLanes(sink) };
    if (!signal.aborted) await once(signal, 'abort');
    this.#taking = undefined;
    this.#isEnded = true;
  }

  status(): SourceStatus {
    const state = this.#taking ? 'running' : this.#isEnded ? 'stopped' : 'starting';
    return { state, retries: 0, parts: [] };
  }

  /**
   * Passes one request to an intake, within the limits shared by all requests.
   * @param signal aborts when the sender disconnects
   * @throws Refusal when nothing can be accepted now, or by the intake
   */
  async take(intake: Intake, request: IntakeRequest, signal: AbortSignal): Promise<Answer> {
    if (!this.#taking) throw unavailable('the pipeline "http" is not running');
    const { sink, lanes } = this.#taking;
    const { full, problem, waitingBytes } = sink.pressure();
    if (problem !== undefined) throw unavailable(problem);
    if (full || waitingBytes >= maxWaitingBytes) throw busy('earlier requests are not stored yet');
    const count = this.counts[intake.name];
    const hold = this.#budget.open();
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
  }
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
