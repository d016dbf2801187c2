import { askServer } from '../../test/process/ask-server.ts';
import type { SearchNode } from '../deliver/search-node.ts';
import { recordsPerCall } from './producer.ts';

/** Polls a running tailrace for the calls that are completely visible, and records when each first was. */
export class VisibleCalls {
  /** Number of the call → `performance.now()` when an answer first had all its records. */
  readonly seenMs = new Map<number, number>();
  readonly #wholeCalls: () => Promise<number[]>;
  #isEnding = false;
  #running: Promise<void> | undefined;

  /** @param wholeCalls numbers of the calls that are completely visible and not older than any call should take */
  constructor(wholeCalls: () => Promise<number[]>) {
    this.#wholeCalls = wholeCalls;
  }

  start(): void {
    this.#running = this.#watch();
  }

  async stop(): Promise<void> {
    this.#isEnding = true;
    await this.#running;
  }

  async #watch(): Promise<void> {
    while (!this.#isEnding) {
      for (const number of await this.#wholeCalls().catch(() => [])) {
        if (!this.seenMs.has(number)) this.seenMs.set(number, performance.now());
      }
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }
}

const pollMs = 100;

/** Asks a worker. */
export async function wholeCallsInStore(url: string, windowSeconds: number): Promise<number[]> {
  const rows = await askServer<{ number: number }>(
    url,
    `SELECT toUInt32(substring(path, 7)) AS number
     FROM requests WHERE time > now() - ${windowSeconds} GROUP BY path HAVING count() >= ${recordsPerCall}`,
  );
  return rows.map(({ number }) => Number(number));
}

/** Searches an index. */
export async function wholeCallsInIndex(node: SearchNode, index: string, windowSeconds: number): Promise<number[]> {
  const path = { terms: { field: 'path', size: 10_000, min_doc_count: recordsPerCall } };
  const { aggregations } = await node.ask<{ aggregations?: { path: { buckets: { key: string }[] } } }>(
    'POST',
    `/${index}/_search?ignore_unavailable=true`,
    { size: 0, query: { range: { time: { gte: `now-${windowSeconds}s` } } }, aggs: { path } },
  );
  return (aggregations?.path.buckets ?? []).map(({ key }) => Number(key.slice('/call/'.length)));
}
