import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Reading } from '../../src/destinations/destination.ts';
import { createKinesisDestination } from '../../src/destinations/kinesis/kinesis-destination.ts';
import { readRows } from '../../src/destinations/read-rows.ts';
import { undivided } from '../../src/destinations/test-doubles/undivided.ts';
import { type ClosedBatch, readWaiting } from '../../src/ledger/shipments.ts';
import { header, lines, ScratchStore } from '../../src/pipeline/test-doubles/scratch-store.ts';
import { createKinesisSource } from '../../src/sources/kinesis/kinesis-source.ts';
import { LocalStream, npmKinesis, setTestCredentials } from '../../src/sources/test-doubles/local-stream.ts';

setTestCredentials();

const server = npmKinesis();
const { signal } = new AbortController();
/** Of both ends: a process opens one store at a time. */
let scratch: ScratchStore;

beforeAll(async () => {
  scratch = await ScratchStore.open();
});

afterAll(async () => {
  await scratch?.close();
  await server.close();
});

const events = Array.from({ length: 40 }, (_, index) => `{"level":"warn","msg":"event ${index}"}\n`).join('');

test.each([
  ['requests', 'extra', 'path', header + lines(30)],
  ['logs', 'attributes', 'message', events],
] as const)(
  '%s from one Tailrace to another: each row is told by its identity, however often it was put',
  async (table, rest, value, text) => {
    const sink = scratch.openSink();
    const { engine } = scratch.store;
    const content = { kind: 'lines' as const, chunks: [Buffer.from(text)] };
    await sink.store([{ origin: `s3://logs/${table}`, version: '1', content }]);
    const shipper = { engine, destination: 'nobody', pipelines: undefined, worker: '' };
    const { batches } = await readWaiting(shipper, { sequence: 0, position: '0', open: [] }, 10);

    const stream = await LocalStream.create(await server.url(), 2);
    const place = { stream: stream.name, endpoint: stream.endpoint, region: 'us-east-1' };
    const destination = createKinesisDestination({ ...place, tables: [table], recordSize: 5000 });
    await destination.open(signal, () => {});
    const shipment = {
      batches: batches.filter((batch) => batch[table] > 0),
      read: (batch: ClosedBatch, reading: Reading) => readRows(engine, batch, reading, {}, signal),
      divide: undivided,
    };
    // As after a kill before the acknowledgement.
    await destination.ship(shipment, signal);
    await destination.ship(shipment, signal);
    await destination.close();

    const source = createKinesisSource({ ...place, startFrom: 'TRIM_HORIZON', pipeline: 'edge', pollMs: 50 });
    const stopping = new AbortController();
    const running = source.run(sink, stopping.signal);
    const identity = ['batch', 'object', 'line_number'];
    const values = async (select: string) =>
      (await engine.rows<{ value: string }>({ sql: `SELECT ${value} AS value FROM ${table} ${select}` })).map(
        (row) => row.value,
      );
    try {
      const original = await values(`WHERE ${rest}['batch'] = ''`);
      await expect.poll(() => values(`WHERE ${rest}['batch'] != ''`)).toHaveLength(2 * original.length);
      const by = identity.map((name) => `${rest}['${name}']`).join(', ');
      const once = await values(`WHERE ${rest}['batch'] != '' LIMIT 1 BY ${by}`);
      expect(once.sort()).toEqual(original.sort());
    } finally {
      stopping.abort(new Error('the test stops it'));
      await running.catch(() => {});
      stream.client.destroy();
    }
  },
);
