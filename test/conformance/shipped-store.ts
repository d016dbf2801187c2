import type { ShippedTable } from '../../src/destinations/destination.ts';
import { type ClosedBatch, readWaiting } from '../../src/ledger/shipments.ts';
import { ScratchStore } from '../../src/pipeline/test-doubles/scratch-store.ts';
import { comparedColumns, type DeliveredRow } from './destination-under-test.ts';

const fields = [
  'date',
  'time',
  'x-edge-location',
  'sc-bytes',
  'c-ip',
  'cs-method',
  'cs(Host)',
  'cs-uri-stem',
  'sc-status',
  'cs-uri-query',
];
const header = `#Version: 1.0\n#Fields: ${fields.join(' ')}\n`;
const request = (path: string, query = '-') =>
  `2026-03-01\t10:00:07\tFRA56-P4\t512\t203.0.113.7\tGET\td1.cloudfront.net\t${path}\t200\t${query}\n`;
const event = (msg: string) => `${JSON.stringify({ level: 'info', time: 1_772_359_207_000, msg })}\n`;

const signedQuery = 'Policy=eyJ&Signature=s3cret~&Key-Pair-Id=K1&page=2';
/** Values that a format could break at. */
const odd = [
  ...[
    '"double" and \'single\'',
    'back\\slash \\n \\u0041',
    'new\nline\r\n',
    'nul \0 and \x1b[31m',
    'tab\tand, comma; {"json": [1]}',
  ],
  ...['😀 é 漢字 \u2028 \u2029 \ufeff', '', ' ', 'null', '[]', '<script>', '-'],
];
const invalid = Buffer.concat([
  Buffer.from('{"level":"info","msg":"'),
  Buffer.from([0xff, 0xc3, 0x28, 0x80]),
  Buffer.from('"}\n'),
]);

/** Deliveries, each of which becomes a batch: usual, odd, empty, large, of both tables and with rejects. */
const deliveries: readonly (readonly (string | Buffer)[])[] = [
  [header, ...Array.from({ length: 300 }, (_, index) => request(`/usual/${index}`)), 'not a line of that format\n'],
  [...odd.map(event), event('x'.repeat(300_000)), event('twice'), event('twice'), invalid],
  [
    header,
    ...odd.map((text) => request(`/${encodeURIComponent(text)}`, encodeURIComponent(text) || '-')),
    request('/signed', signedQuery),
    Buffer.from([0xff, 0, 0x80, 10]),
  ],
  [header],
  Array.from({ length: 1500 }, (_, index) => event(`large ${index} ${'.'.repeat(300)}`)),
  [header, request('/last')],
];

/** A store with batches of every kind, to ship from. Nothing is added to it. */
export class ShippedStore {
  readonly scratch: ScratchStore;
  /** Oldest first. */
  readonly batches: readonly ClosedBatch[];

  private constructor(scratch: ScratchStore, batches: readonly ClosedBatch[]) {
    this.scratch = scratch;
    this.batches = batches;
  }

  static async open(): Promise<ShippedStore> {
    const scratch = await ScratchStore.open();
    const sink = scratch.openSink();
    for (const [index, parts] of deliveries.entries()) {
      const content = { kind: 'lines' as const, chunks: [Buffer.concat(parts.map((part) => Buffer.from(part)))] };
      await sink.store([{ origin: `s3://logs/${index}`, version: '1', content }]);
    }
    const shipper = { engine: scratch.store.engine, destination: 'nobody', pipelines: undefined, worker: '' };
    const { batches } = await readWaiting(shipper, { sequence: 0, position: '0', open: [] }, 100);
    return new ShippedStore(scratch, batches);
  }

  get engine() {
    return this.scratch.store.engine;
  }

  /** The rows of these tables as text, sorted; see {@link rowText}. @param batches default all */
  async rows(tables: readonly ShippedTable[], batches = this.batches): Promise<string[]> {
    const found: string[] = [];
    for (const table of tables) {
      const rows = await this.engine.rows<Record<string, unknown>>({
        sql: `
          SELECT ${comparedColumns[table].map((name) => `toValidUTF8(toString(${name})) AS ${name}`).join(', ')}
          FROM ${table}
          WHERE batch IN {batches:Array(UInt64)}`,
        params: { batches: batches.map(({ batch }) => BigInt(batch)) },
        // In the condition, `batch` is the column.
        settings: { prefer_column_name_to_alias: 1 },
      });
      found.push(...rows.map((values) => rowText({ table, values })));
    }
    return found.sort();
  }

  close(): Promise<void> {
    return this.scratch.close();
  }
}

/** The same for equal rows, however a destination writes times and numbers. */
export function rowText({ table, values }: DeliveredRow): string {
  const texts = comparedColumns[table].map((name) => {
    const value = String(values[name]);
    return name === 'time' ? new Date(/Z$/.test(value) ? value : `${value}Z`).toISOString() : value;
  });
  return JSON.stringify([table, ...texts]);
}
