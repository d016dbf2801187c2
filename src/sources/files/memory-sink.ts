import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Delivery, Receipt, Sink } from '../source.ts';

const receipt: Receipt = { known: false, lines: 0, rows: 0, rejected: 0, comments: 0 };

/** For tests: a store that outlives sources, as the real one does. */
export class MemorySink implements Sink {
  readonly deliveries: Delivery[] = [];
  readonly lines: string[] = [];
  /** While it is closed, nothing is stored. */
  gate: Promise<void> = Promise.resolve();

  async store(deliveries: readonly Delivery[], { signal }: { signal?: AbortSignal } = {}) {
    await this.gate;
    signal?.throwIfAborted();
    for (const delivery of deliveries) {
      const { origin, version, content } = delivery;
      if (this.deliveries.some((other) => other.origin === origin && other.version === version)) {
        throw new Error(`delivered twice: ${origin} ${version}`);
      }
      this.deliveries.push(delivery);
      this.lines.push(...linesOf(content));
    }
    return this.receiptsOf(deliveries);
  }
  receiptsOf(deliveries: readonly Delivery[]) {
    return deliveries.map(() => receipt);
  }
  async lastStored(prefix: string) {
    const stored = this.deliveries.filter(({ origin }) => origin.startsWith(prefix));
    return new Map(stored.map(({ origin, version }) => [origin, version]));
  }
  async settle() {}
  pressure() {
    return { waitingBytes: 0, full: false };
  }
}

function linesOf(content: Delivery['content']): string[] {
  const bytes = content.kind === 'file' ? gunzipSync(readFileSync(content.path)) : Buffer.concat(content.chunks);
  const text = bytes.toString();
  if (text !== '' && !text.endsWith('\n')) throw new Error('not whole lines');
  return text.split('\n').slice(0, -1);
}
