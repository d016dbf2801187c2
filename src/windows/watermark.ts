/** A shard, or else a pipeline: rows of one feed come about in the order of their event time. */
interface Feed {
  /** Latest event, epoch ms. */
  maxMs: number;
  /** When a batch of it was closed last, by a clock that never steps back; milliseconds. */
  seenMs: number;
}

export interface WatermarkRules {
  readonly disorderMs: number;
  readonly idleMs: number;
}

/**
 * Up to which event time rows have come: the least over the feeds of their latest event less the stated disorder. A feed
 * without batches for the stated time is left out. Where all are, event time is taken to pass as the clock does.
 * Never moves back.
 */
export class Watermark {
  readonly #rules: WatermarkRules;
  readonly #feeds = new Map<string, Feed>();
  #valueMs: number;

  /** @param fromMs that of an earlier process, epoch ms */
  constructor(rules: WatermarkRules, fromMs = Number.NEGATIVE_INFINITY) {
    this.#rules = rules;
    this.#valueMs = fromMs;
  }

  /** Epoch ms; -Infinity before the first event. */
  get valueMs(): number {
    return this.#valueMs;
  }

  /** Feeds that are not idle. */
  active(clockMs: number): number {
    return [...this.#feeds.values()].filter((feed) => this.#isActive(feed, clockMs)).length;
  }

  /** @param maxMs latest event of a batch, epoch ms, none in the future */
  see(feed: string, maxMs: number, clockMs: number): void {
    const known = this.#feeds.get(feed);
    this.#feeds.set(feed, { maxMs: Math.max(maxMs, known?.maxMs ?? Number.NEGATIVE_INFINITY), seenMs: clockMs });
  }

  /**
   * @param clockMs of a clock that never steps back
   * @param mostMs never beyond this, epoch ms
   */
  advance(clockMs: number, mostMs: number): number {
    const next = this.#next(clockMs);
    if (next !== undefined) this.#valueMs = Math.max(this.#valueMs, Math.min(next, mostMs));
    return this.#valueMs;
  }

  #next(clockMs: number): number | undefined {
    const feeds = [...this.#feeds.values()];
    if (feeds.length === 0) return undefined;
    const { disorderMs } = this.#rules;
    const active = feeds.filter((feed) => this.#isActive(feed, clockMs));
    if (active.length > 0) return Math.min(...active.map(({ maxMs }) => maxMs)) - disorderMs;
    const latest = Math.max(...feeds.map(({ maxMs }) => maxMs));
    const silenceMs = clockMs - Math.max(...feeds.map(({ seenMs }) => seenMs));
    // The clock has parts of milliseconds, which times in the store do not.
    return latest - disorderMs + Math.floor(silenceMs);
  }

  #isActive({ seenMs }: Feed, clockMs: number): boolean {
    return clockMs - seenMs < this.#rules.idleMs;
  }
}
