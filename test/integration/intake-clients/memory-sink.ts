import type { Delivery, Pressure, Receipt, Sink } from '../../../src/sources/source.ts';

/** A sink that keeps what it gets, in memory, each version of an origin once. */
export class MemorySink implements Sink {
  readonly calls: (readonly Delivery[])[] = [];
  readonly stored: Delivery[] = [];
  pressureNow: Pressure = { waitingBytes: 0, full: false };
  /** Calls wait for it. */
  gate: Promise<void> = Promise.resolve();

  async store(deliveries: readonly Delivery[]): Promise<readonly Receipt[]> {
    this.calls.push(deliveries);
    await this.gate;
    return deliveries.map((delivery) => {
      const known = this.stored.some(
        ({ origin, version }) => origin === delivery.origin && version === delivery.version,
      );
      if (!known) this.stored.push(delivery);
      const lines = textOf(delivery).split('\n').slice(0, -1);
      const rejected = lines.filter((line) => line.includes('REJECT')).length;
      const comments = lines.filter((line) => line === '').length;
      return { known, lines: lines.length, rows: lines.length - rejected - comments, rejected, comments };
    });
  }

  /** All that is stored, as lines; throws when a delivery does not end with a newline. */
  get lines(): string[] {
    return this.stored.flatMap((delivery) => {
      const text = textOf(delivery);
      if (!text.endsWith('\n')) throw new Error(`the delivery ${delivery.origin} does not end with a newline`);
      return text.slice(0, -1).split('\n');
    });
  }

  lastStored(): Promise<ReadonlyMap<string, string>> {
    return Promise.reject(new Error('BUG: nothing that comes over HTTP asks where to go on'));
  }

  settle(): Promise<void> {
    return Promise.reject(new Error('BUG: nothing that comes over HTTP has workers'));
  }

  pressure(): Pressure {
    return this.pressureNow;
  }
}

export function textOf({ content }: Delivery): string {
  if (content.kind === 'file') throw new Error('BUG: HTTP delivers no files');
  return Buffer.concat(content.chunks).toString();
}
