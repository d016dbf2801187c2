import { cutRows } from '../cut-rows.ts';
import type { Shipment, ShippedTable } from '../destination.ts';
import { keyOfRows } from '../rows-key.ts';
import type { RecordSizes, StreamRecord } from './record-stream.ts';

export interface RequestCutting {
  readonly tables: readonly ShippedTable[];
  /** Most bytes of a record, unless one row alone has more. */
  readonly recordBytes: number;
  readonly sizes: RecordSizes;
}

const mostRecords = 500;
/** A shard takes twice as much in a second: of a larger request more would only be refused. */
const mostBytes = 512 * 1024;

/** The rows of all batches as records for requests; small batches share a request, never a record. */
export async function* cutRequests(
  { batches, read }: Pick<Shipment, 'batches' | 'read'>,
  { tables, recordBytes, sizes }: RequestCutting,
): AsyncGenerator<readonly StreamRecord[]> {
  let request: StreamRecord[] = [];
  let bytes = 0;
  for (const [owner, batch] of batches.entries()) {
    for (const table of tables.filter((table) => batch[table] > 0)) {
      for await (const { bytes: lines, rows } of cutRows(read(batch, { table, isOrdered: true }), recordBytes)) {
        const record = { key: keyOfRows(batch.batch, table, lines), lines, rows, owner };
        const size = sizes.sizeOf(record);
        if (request.length === mostRecords || (request.length > 0 && bytes + size > mostBytes)) {
          yield request;
          request = [];
          bytes = 0;
        }
        request.push(record);
        bytes += size;
      }
    }
  }
  if (request.length > 0) yield request;
}
