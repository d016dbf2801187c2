import type { Delivery, Receipt, Sink } from '../source.ts';
import type { Refusal } from './refusal.ts';
import { unavailable } from './retry-later.ts';

interface Waiting {
  readonly delivery: Delivery;
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Serializes the store calls of one origin, as the sink requires, although requests are concurrent. Deliveries that
 * arrive during a call wait, and go together into the next one.
 */
export class OriginLanes {
  readonly #sink: Sink;
  /** Origins with a call in flight, and the deliveries that wait for it. */
  readonly #lanes = new Map<string, Waiting[]>();

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /**
   * @param signal gives up a delivery that still waits; one that was handed over finishes
   * @throws Refusal when the signal aborted or the sink gave up
   */
  store(delivery: Delivery, signal: AbortSignal): Promise<Receipt> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) throw gaveUp(signal);
      const waiting = { delivery, resolve, reject };
      const lane = this.#lanes.get(delivery.origin);
      if (lane === undefined) {
        void this.#run(delivery.origin, waiting);
        return;
      }
      lane.push(waiting);
      const giveUp = () => {
        const place = lane.indexOf(waiting);
        if (place < 0) return;
        lane.splice(place, 1);
        reject(gaveUp(signal));
      };
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  async #run(origin: string, first: Waiting): Promise<void> {
    const lane = [first];
    this.#lanes.set(origin, lane);
    while (lane.length > 0) {
      const group = takeGroup(lane);
      try {
        const receipts = await this.#sink.store(group.map(({ delivery }) => delivery));
        group.forEach(({ resolve }, index) => {
          const receipt = receipts[index];
          if (receipt === undefined) throw new Error('BUG: the sink gave fewer receipts than it got deliveries');
          resolve(receipt);
        });
      } catch (error) {
        const refusal = unavailable('the store gave up', error);
        for (const { reject } of group) reject(refusal);
      }
    }
    this.#lanes.delete(origin);
  }
}

function gaveUp({ reason }: AbortSignal): Refusal {
  return unavailable(reason instanceof Error ? reason.message : String(reason), reason);
}

/** Up to the first repeated version: the sink must have stored the first before it receives the second. */
function takeGroup(lane: Waiting[]): Waiting[] {
  const versions = new Set<string>();
  const repeated = lane.findIndex(({ delivery: { version } }) => {
    if (versions.has(version)) return true;
    versions.add(version);
    return false;
  });
  return lane.splice(0, repeated < 0 ? lane.length : repeated);
}
