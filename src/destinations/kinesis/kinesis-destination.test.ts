import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { kinesisServers, LocalStream, setTestCredentials } from '../../sources/test-doubles/local-stream.ts';
import { readRecords } from '../../sources/test-doubles/read-records.ts';
import type { RecordOptions } from '../aws/record-destination.ts';
import { madeLines, madeShipment } from '../aws/test-doubles/made-shipment.ts';
import { type Destination, UnfitBatchError } from '../destination.ts';
import { createKinesisDestination } from './kinesis-destination.ts';
import { type Fate, refusal, startChoosyWire } from './test-doubles/choosy-wire.ts';

vi.mock('../../waiting/backoff.ts', () => ({ backoffMs: () => 5 }));

setTestCredentials();

const { signal } = new AbortController();
const [first = '', second = ''] = ['914067372376507168', '914067372376507169'];

describe.each(kinesisServers())('kinesis destination on $name', (server) => {
  let url = '';
  beforeAll(async () => {
    url = await server.url();
  });
  afterAll(() => server.close());

  /** A stream behind a wire, and a destination that delivers to it. */
  async function start(options: Partial<RecordOptions> = {}) {
    const stream = await LocalStream.create(url, 2);
    const wire = await startChoosyWire(url);
    const destination = createKinesisDestination({
      ...{
        stream: stream.name,
        endpoint: wire.url,
        region: 'us-east-1',
        tables: ['logs'],
        recordSize: 1000,
        ...options,
      },
    });
    const told: string[] = [];
    await destination.open(signal, (text) => told.push(text));
    const lines = async () => (await readRecords(stream)).flatMap(({ text }) => text.trimEnd().split('\n'));
    return { stream, wire, destination, told, lines };
  }

  test('rows are gathered into records of one batch, these into requests of several', async () => {
    const { stream, wire, destination, lines } = await start();
    const content = { [first]: madeLines(first, 1000), [second]: madeLines(second, 5) };
    const bytes = (batch: string) => content[batch]?.join('\n').length ?? 0;
    expect(await destination.ship(madeShipment(content), signal)).toEqual([
      { rows: 1000, bytes: bytes(first) + 1, refused: 0, backupBytes: 0, missing: 0 },
      { rows: 5, bytes: bytes(second) + 1, refused: 0, backupBytes: 0, missing: 0 },
    ]);
    expect((await lines()).sort()).toEqual(Object.values(content).flat().sort());
    expect(wire.puts).toHaveLength(1);
    const records = await readRecords(stream);
    expect(records.every(({ text }) => text.length <= 1000 && text.endsWith('\n'))).toBe(true);
    expect(records.length).toBeLessThan(120);
    for (const { key, text } of records) {
      const [batch, table] = key.split('-');
      expect(table).toBe('logs');
      expect(text.match(/"batch":"\d+"/g)?.every((found) => found === `"batch":"${batch}"`)).toBe(true);
    }
    await destination.close();
  });

  test('a record of its own for each row, 500 in a request', async () => {
    const { wire, destination, lines } = await start({ recordSize: 1 });
    await destination.ship(madeShipment({ [first]: madeLines(first, 1100) }), signal);
    expect(wire.puts.map(({ length }) => length).sort()).toEqual([100, 500, 500]);
    expect((await lines()).sort()).toEqual(madeLines(first, 1100).sort());
    await destination.close();
  });

  test('what is not taken is put again, and nothing else; throttling is told once', async () => {
    const { wire, destination, told, lines } = await start({ recordSize: 300 });
    const codes = ['ProvisionedThroughputExceededException', 'InternalFailure'];
    // Each record is refused up to 20 times; while some are taken there is no end.
    wire.fault = (key, times) => (times < Number.parseInt(key.slice(-2), 16) % 21 ? codes[times % 2] : undefined);
    await destination.ship(madeShipment({ [first]: madeLines(first, 300) }), signal);
    expect((await lines()).sort()).toEqual(madeLines(first, 300).sort());
    expect(new Set(told)).toEqual(
      new Set([
        expect.stringMatching(
          /^cannot call kinesis:PutRecords on stream "stream-.*" as fast as rows come: Prov.*; add shards/,
        ),
      ]),
    );
    await destination.close();
  });

  test('requests that fail are put again, and count as away after eight attempts in a row', async () => {
    const { wire, destination, lines } = await start();
    let calls = 0;
    const fates = [
      refusal('ProvisionedThroughputExceededException'),
      refusal('KMSThrottlingException'),
      refusal('InternalFailure', 'not today', 500),
    ];
    wire.fate = () => fates[calls++] ?? 'passes';
    await destination.ship(madeShipment({ [first]: madeLines(first, 10) }), signal);
    expect(await lines()).toHaveLength(10);
    wire.fate = () => refusal('ServiceUnavailable', 'not today', 503);
    await expect(destination.ship(madeShipment({ [second]: madeLines(second, 10) }), signal)).rejects.toThrow(
      /^cannot call kinesis:PutRecords on stream ".*": ServiceUnavailable: not today; see that the service can be reached/,
    );
    await destination.close();
  });

  test('after a lost answer a record is there twice, with the same key and on the same shard', async () => {
    const { stream, wire, destination } = await start();
    let calls = 0;
    wire.fate = () => (calls++ === 0 ? 'unanswered' : 'passes');
    await destination.ship(madeShipment({ [first]: madeLines(first, 60) }), signal);
    const records = (await readRecords(stream)).map(({ shard, key, text }) => `${shard} ${key} ${text}`);
    const distinct = new Set(records);
    expect(records).toHaveLength(2 * distinct.size);
    expect(distinct.size).toBeGreaterThan(2);
    await destination.close();
  });

  test('a row that is larger than any record makes its batch unfit, whose other rows are put once', async () => {
    const { destination, lines } = await start();
    const large = JSON.stringify({ message: 'x'.repeat(11 * 1024 * 1024), batch: first, object: 1, line_number: 9 });
    const content = { [first]: [...madeLines(first, 5), large], [second]: madeLines(second, 5) };
    for (let attempt = 0; attempt < 3; attempt++) {
      const [unfit, fit] = await destination.ship(
        madeShipment(attempt === 0 ? content : { [first]: content[first] ?? [] }),
        signal,
      );
      expect(unfit).toBeInstanceOf(UnfitBatchError);
      expect((unfit as Error).message).toMatch(/^1 rows are refused, the first because .* larger than a record may be/);
      if (attempt === 0) expect(fit).toMatchObject({ rows: 5 });
    }
    expect(await lines()).toHaveLength(10);
    await destination.close();
  });

  test.each([refusal('ValidationException'), { status: 413, body: {} }])(
    'a row that is larger than this stream takes is put alone, and refused without the others (%j)',
    async (fate) => {
      const { wire, destination, lines } = await start();
      const large = JSON.stringify({ message: 'x'.repeat(1024 * 1024), batch: first, object: 1, line_number: 9 });
      wire.fate = () => (wire.puts.at(-1)?.length === 1 ? fate : 'passes');
      const shipment = madeShipment({ [first]: [...madeLines(first, 50), large, ...madeLines(first, 50)] });
      const [unfit] = await destination.ship(shipment, signal);
      expect((unfit as Error).message).toMatch(/^1 rows are refused/);
      expect(await lines()).toHaveLength(100);
      await destination.close();
    },
  );

  test('the check passes, and leaves nothing behind', async () => {
    const { stream, destination } = await start();
    expect(await destination.check(signal)).toEqual([]);
    expect(await readRecords(stream)).toEqual([]);
    await destination.close();
  });
});

describe('what keeps it from being delivered', () => {
  async function start(fate: (action: string) => Fate) {
    const wire = await startChoosyWire('http://127.0.0.1:9');
    wire.fate = fate;
    const options = {
      stream: 'edge',
      endpoint: wire.url,
      region: 'us-east-1',
      tables: ['logs'],
      recordSize: 1000,
    } as const;
    return createKinesisDestination(options);
  }

  async function problemOf(destination: Destination): Promise<string> {
    await destination.open(signal, () => {});
    const shipping = destination.ship(madeShipment({ [first]: madeLines(first, 5) }), signal);
    const problem = await shipping.then(
      () => 'none',
      (cause: Error) => cause.message,
    );
    await destination.close();
    return problem;
  }

  test.each([
    ['AccessDeniedException', 'no', 'allow kinesis:PutRecords on the stream "edge"'],
    [
      'AccessDeniedException',
      'not authorized to perform: kms:GenerateDataKey',
      'allow kms:GenerateDataKey on its KMS key',
    ],
    [
      'KMSDisabledException',
      'no',
      'allow kms:GenerateDataKey on the KMS key that encrypts it, and see that it is enabled',
    ],
    ['ExpiredTokenException', 'no', 'renew the credentials'],
    ['InvalidSignatureException', 'Signature expired', 'check the credentials, and the clock of this machine'],
    ['UnrecognizedClientException', 'no', 'check the credentials'],
    ['ResourceNotFoundException', 'no', 'check the name of the stream, its region and the account'],
  ])('%s: %s', async (name, message, remedy) => {
    const destination = await start(() => refusal(name, message));
    expect(await problemOf(destination)).toBe(
      `cannot call kinesis:PutRecords on stream "edge": ${name}: ${message}; ${remedy}`,
    );
  });

  test.each([
    ['CREATING', 'it is still being created; wait, delivery begins by itself'],
    ['DELETING', 'it is being deleted; create it again, or remove the destination'],
  ])('a stream that is %s', async (StreamStatus, remedy) => {
    const body = { StreamDescriptionSummary: { StreamStatus } };
    const destination = await start((action) =>
      action === 'PutRecords' ? refusal('ResourceNotFoundException') : { status: 200, body },
    );
    const problem = `cannot call kinesis:PutRecords on stream "edge": ${remedy}`;
    expect(await problemOf(destination)).toBe(problem);
    expect(await destination.check(signal)).toEqual([problem]);
  });

  test('who may describe the stream, and may not put records, is told so by the check', async () => {
    const body = { StreamDescriptionSummary: { StreamStatus: 'ACTIVE' } };
    const destination = await start((action) =>
      action === 'PutRecords' ? refusal('AccessDeniedException', 'no') : { status: 200, body },
    );
    expect(await destination.check(signal)).toEqual([
      'cannot call kinesis:PutRecords on stream "edge": AccessDeniedException: no; allow kinesis:PutRecords on the stream "edge"',
    ]);
  });

  test('nothing listens', async () => {
    const place = { stream: 'edge', endpoint: 'http://127.0.0.1:9', region: 'us-east-1' };
    const destination = createKinesisDestination({ ...place, tables: ['logs'], recordSize: 1000 });
    expect(await destination.check(signal)).toEqual([
      expect.stringMatching(
        /^cannot call kinesis:DescribeStreamSummary .*ECONNREFUSED.*; see that the service can be reached/,
      ),
    ]);
    expect(await problemOf(destination)).toMatch(
      /^cannot call kinesis:PutRecords .*ECONNREFUSED.*; see that the service/,
    );
  });
});
