import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { setTestCredentials } from '../../sources/test-doubles/local-stream.ts';
import type { RecordOptions } from '../aws/record-destination.ts';
import { madeLines, madeShipment } from '../aws/test-doubles/made-shipment.ts';
import { createBackup } from '../backup/create-backup.ts';
import { UnfitBatchError } from '../destination.ts';
import { createFirehoseDestination } from './firehose-destination.ts';
import { FakeFirehose } from './test-doubles/fake-firehose.ts';

vi.mock('../../waiting/backoff.ts', () => ({ backoffMs: () => 5 }));

setTestCredentials();

const { signal } = new AbortController();
const batch = '914067372376507168';

async function start(options: Partial<RecordOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'tailrace-firehose-'));
  const service = new FakeFirehose('edge', join(folder, 'delivered'));
  const requests: string[][] = [];
  service.hear = (records) => requests.push([...records]);
  const server = createServer(async (incoming, outgoing) => {
    const { status, body } = service.answer(String(incoming.headers['x-amz-target']), await text(incoming));
    outgoing.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const destination = createFirehoseDestination({
    ...{ stream: 'arn:aws:firehose:us-east-1:123456789012:deliverystream/edge' },
    ...{ endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    ...{ tables: ['logs'], recordSize: 1000, ...options },
  });
  const told: string[] = [];
  await destination.open(signal, (said) => told.push(said));
  onTestFinished(async () => {
    await destination.close();
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true });
  });
  const lines = () => service.content.trimEnd().split('\n').sort();
  return { service, destination, requests, told, lines };
}

test('rows are gathered into records, whose last line ends too', async () => {
  const { destination, requests, lines } = await start();
  expect(await destination.ship(madeShipment({ [batch]: madeLines(batch, 500) }), signal)).toMatchObject([
    { rows: 500 },
  ]);
  expect(lines()).toEqual(madeLines(batch, 500).sort());
  expect(requests).toHaveLength(1);
  expect(requests[0]?.every((record) => record.length <= 1000 && record.endsWith('}\n'))).toBe(true);
});

test('a record of its own for each row, for destinations that take one document of each', async () => {
  const { destination, requests } = await start({ recordSize: 1 });
  await destination.ship(madeShipment({ [batch]: madeLines(batch, 700) }), signal);
  expect(requests.map(({ length }) => length).sort()).toEqual([200, 500]);
});

test('what is not taken is put again, and nothing else; throttling is told', async () => {
  const { service, destination, told, lines } = await start({ recordSize: 100 });
  const times = new Map<string, number>();
  service.fault = (record) => {
    const before = times.get(record) ?? 0;
    times.set(record, before + 1);
    return before < record.length % 10 ? 'ServiceUnavailableException' : undefined;
  };
  await destination.ship(madeShipment({ [batch]: madeLines(batch, 300) }), signal);
  expect(lines()).toEqual(madeLines(batch, 300).sort());
  expect(told[0]).toMatch(/on Firehose stream "edge" as fast as rows come: .*; ask AWS for a higher quota/);
});

test('a row that is larger than a record may be is not sent, and makes its batch unfit', async () => {
  const { destination, lines } = await start();
  const large = JSON.stringify({ message: 'x'.repeat(1000 * 1024) });
  const [unfit] = await destination.ship(madeShipment({ [batch]: [...madeLines(batch, 5), large] }), signal);
  expect(unfit).toBeInstanceOf(UnfitBatchError);
  expect((unfit as Error).message).toMatch(/larger than a record may be, 1024000/);
  expect(lines()).toHaveLength(5);
});

test('with a backup such a row is kept there, once, and the batch is delivered', async () => {
  const path = mkdtempSync(join(tmpdir(), 'tailrace-refused-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  const owner = { failure: 'firehose-failed', destination: 'lake' };
  const { destination, told, lines } = await start({ backup: createBackup({ type: 'folder', path }, owner, path) });
  const large = JSON.stringify({ message: 'x'.repeat(1000 * 1024) });
  for (let time = 0; time < 2; time++) {
    const shipment = madeShipment({ [batch]: [...madeLines(batch, 5), large] });
    expect(await destination.ship(shipment, signal)).toMatchObject([{ rows: 5, refused: 1, missing: 0 }]);
  }
  expect(lines()).toHaveLength(10);
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(batch));
  expect(files).toEqual([expect.stringMatching(/^firehose-failed\/\d{4}\/\d\d\/\d\d\/\d\d\/lake-\d+$/)]);
  const [kept, ...others] = readFileSync(join(path, files[0] ?? ''), 'utf8')
    .trimEnd()
    .split('\n');
  expect(others).toEqual([]);
  const { rawData, ...rest } = JSON.parse(kept ?? '');
  expect(Buffer.from(rawData, 'base64').toString()).toBe(large);
  expect(rest).toMatchObject({ attemptsMade: 0, errorCode: 'RecordTooLarge', tailraceBatch: batch });
  expect(told[0]).toMatch(/^cannot deliver some rows to firehose: RecordTooLarge; they are kept in/);
});

test('the check tells a stream that takes its records from elsewhere, and one that is not there yet', async () => {
  const { service, destination } = await start();
  expect(await destination.check(signal)).toEqual([]);
  service.source = 'KinesisStreamAsSource';
  expect(await destination.check(signal)).toEqual([
    expect.stringMatching(/its source is KinesisStreamAsSource; deliver to/),
  ]);
  service.state = 'CREATING';
  expect(await destination.check(signal)).toEqual([expect.stringContaining('it is still being created; wait')]);
  await expect(destination.ship(madeShipment({ [batch]: madeLines(batch, 1) }), signal)).rejects.toThrow(
    'it is still being created; wait',
  );
  expect(service.content).toBe('');
});
