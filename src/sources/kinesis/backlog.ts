import type { KinesisRecord, ShardPage } from './shard-page.ts';
import type { ShardActivity } from './stream-activity.ts';

/** Fetched records of a shard that are not stored yet. */
export class Backlog {
  /** Child shards, once the pages have ended. */
  children: readonly string[] = [];
  readonly #activity: ShardActivity;
  #records: readonly KinesisRecord[] = [];
  #ended: { readonly error?: unknown } | undefined;
  #wake: () => void = () => {};

  constructor(activity: ShardActivity) {
    this.#activity = activity;
  }

  get records(): readonly KinesisRecord[] {
    return this.#records;
  }

  /** Takes all pages; never rejects, since {@link ready} reports errors. */
  async fill(pages: AsyncIterable<ShardPage>): Promise<void> {
    try {
      for await (const { records, behindMs, children } of pages) {
        if (records.length > 0) this.#replace([...this.#records, ...records]);
        if (behindMs !== undefined) this.#activity.lagMs = behindMs;
        this.children = children;
        this.#wake();
      }
      this.#ended = {};
    } catch (error) {
      this.#ended = { error };
    }
    this.#wake();
  }

  /**
   * Waits for records, or for the end of the pages, when there are none.
   * @throws what the pages threw, once the records before it are taken
   */
  async ready(): Promise<void> {
    while (this.#records.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#records.length === 0 && this.#ended && 'error' in this.#ended) throw this.#ended.error;
  }

  /** Removes the first `count` records. @returns them */
  drop(count: number): readonly KinesisRecord[] {
    const dropped = this.#records.slice(0, count);
    this.#replace(this.#records.slice(count));
    return dropped;
  }

  #replace(records: readonly KinesisRecord[]): void {
    this.#records = records;
    this.#activity.oldestArrivedAtMs = records[0]?.arrivedAtMs;
  }
}
