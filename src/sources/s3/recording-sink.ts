import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Delivery, Receipt, Sink, SinkOptions } from '../source.ts';

/** What a test looks at: a sink in memory that keeps the sink's contract. */
export class RecordingSink implements Sink {
  /** Every delivery that was stored, with its text. */
  readonly stored: { readonly delivery: Delivery; readonly text: string }[] = [];
  /** Most calls that waited at the same time. */
  mostAtOnce = 0;
  /** What every call waits for before it stores. */
  gate: Promise<void> = Promise.resolve();
  private readonly versions = new Map<string, Set<string>>();
  private readonly last = new Map<string, string>();
  private waiting = 0;

  async store(deliveries: readonly Delivery[], { signal }: SinkOptions = {}): Promise<readonly Receipt[]> {
    this.waiting++;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.waiting);
    try {
      const aborted = new Promise<never>((_, reject) =>
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true }),
      );
      await Promise.race([this.gate, aborted]);
      return deliveries.map((delivery) => this.storeOne(delivery));
    } finally {
      this.waiting--;
    }
  }

  private storeOne(delivery: Delivery): Receipt {
    const { content, origin, version } = delivery;
    const known = this.versions.get(origin) ?? new Set();
    if (known.has(version)) return { known: true, lines: 0, rows: 0, rejected: 0, comments: 0 };
    if (content.kind !== 'file') throw new Error('BUG: S3 hands over files');
    const bytes = readFileSync(content.path);
    const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString();
    this.versions.set(origin, known.add(version));
    this.last.set(origin, version);
    this.stored.push({ delivery, text });
    const lines = text.split('\n').length - 1;
    return { known: false, lines, rows: lines, rejected: 0, comments: 0 };
  }

  async lastStored(originPrefix: string): Promise<ReadonlyMap<string, string>> {
    return new Map([...this.last].filter(([origin]) => origin.startsWith(originPrefix)));
  }

  async settle(): Promise<void> {}

  pressure() {
    return { waitingBytes: 0, full: false };
  }
}
