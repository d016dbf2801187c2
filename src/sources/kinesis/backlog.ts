import type { KinesisRecord, ShardPage } from './shard-page.ts';
import type { ShardActivity } from './stream-activity.ts';

/** The records of a shard that were fetched and are not stored yet. */
export class Backlog {
  /** Shards that follow, once the pages ended. */
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

  /** Takes all pages; never rejects: {@link ready} tells. */
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
   * Waits for records, or for the end of the pages: then there are none.
   * @throws what the pages threw, once what they brought before is gone
   */
  async ready(): Promise<void> {
    while (this.#records.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#records.length === 0 && this.#ended && 'error' in this.#ended) throw this.#ended.error;
  }

  /** Lets the first so many go. @returns them */
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
