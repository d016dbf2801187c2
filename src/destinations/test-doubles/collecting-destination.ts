import type { ClosedBatch } from '../../ledger/shipments.ts';
import { type Delivered, type Destination, type Gathering, type Shipment, UnfitBatchError } from '../destination.ts';

/** A destination in memory that fails when it is told to. A batch that comes again replaces itself. */
export class CollectingDestination implements Destination {
  readonly type = 'collecting';
  /** Paths of requests, by batch. */
  readonly received = new Map<string, string[]>();
  /** Batches of each call, in order. */
  readonly calls: string[][] = [];
  /** Called when it is opened; may throw. */
  opening: () => void = () => {};
  /** Called before a shipment is taken; may throw. */
  before: (batches: readonly ClosedBatch[]) => void | Promise<void> = () => {};
  /** Called when a shipment is taken, and not acknowledged yet; may throw. */
  after: (batches: readonly ClosedBatch[]) => void = () => {};
  /** Why a batch cannot be delivered, without an effect on the others. */
  fault: (batch: ClosedBatch) => string | undefined = () => undefined;
  /** Whether it does not take a row, as if it had a backup. */
  refuses: (path: string) => boolean = () => false;
  /** Told each time it is opened. */
  hint?: string;
  gathering?: Gathering;

  async check(): Promise<readonly string[]> {
    return [];
  }

  async open(_: AbortSignal, tell: (text: string) => void): Promise<void> {
    this.opening();
    if (this.hint !== undefined) tell(this.hint);
  }

  async close(): Promise<void> {}

  async ship({ batches, read }: Shipment): Promise<readonly (Delivered | UnfitBatchError)[]> {
    this.calls.push(batches.map(({ batch }) => batch));
    await this.before(batches);
    const delivered: (Delivered | UnfitBatchError)[] = [];
    for (const batch of batches) {
      const fault = this.fault(batch);
      if (fault !== undefined) {
        delivered.push(new UnfitBatchError(batch.batch, new Error(fault)));
        continue;
      }
      const chunks: Uint8Array[] = [];
      for await (const chunk of read(batch, { table: 'requests', select: 'path', format: 'TSVRaw' }))
        chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      const paths = bytes.toString().split('\n').filter(Boolean);
      const taken = paths.filter((path) => !this.refuses(path));
      this.received.set(batch.batch, taken);
      delivered.push({ rows: taken.length, bytes: bytes.length, refused: paths.length - taken.length });
    }
    this.after(batches);
    return delivered;
  }
}
