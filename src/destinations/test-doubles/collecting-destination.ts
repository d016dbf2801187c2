import type { ClosedBatch } from '../../ledger/shipments.ts';
import type { Delivered, Destination, Gathering, Shipment } from '../destination.ts';

/** A destination in memory that fails when it is told to. A batch that comes again replaces itself. */
export class CollectingDestination implements Destination {
  readonly type = 'collecting';
  /** Paths of requests, by batch. */
  readonly received = new Map<string, string[]>();
  /** Batches of each call, in order. */
  readonly calls: string[][] = [];
  /** Called before a shipment is taken; may throw. */
  before: (batches: readonly ClosedBatch[]) => void | Promise<void> = () => {};
  /** Called when a shipment is taken, and not acknowledged yet; may throw. */
  after: (batches: readonly ClosedBatch[]) => void = () => {};
  gathering?: Gathering;

  async check(): Promise<readonly string[]> {
    return [];
  }

  async open(): Promise<void> {}

  async close(): Promise<void> {}

  async ship({ batches, read }: Shipment): Promise<readonly Delivered[]> {
    this.calls.push(batches.map(({ batch }) => batch));
    await this.before(batches);
    const delivered: Delivered[] = [];
    for (const batch of batches) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of read(batch, { table: 'requests', select: 'path', format: 'TSVRaw' }))
        chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      const paths = bytes.toString().split('\n').filter(Boolean);
      this.received.set(batch.batch, paths);
      delivered.push({ rows: paths.length, bytes: bytes.length });
    }
    this.after(batches);
    return delivered;
  }
}
