import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { patienceMs } from '../../../test/patience.ts';
import {
  dynamodbServers,
  keyedValues,
  kinesisServers,
  LocalStream,
  outOfOrder,
  setTestCredentials,
  until,
} from '../test-doubles/local-stream.ts';
import { MemorySink } from '../test-doubles/memory-sink.ts';
import { startTroubledWire, type Trouble, type TroubleMaker } from '../test-doubles/troubled-wire.ts';
import { createKinesisSource } from './kinesis-source.ts';

setTestCredentials();

const [kinesalite] = kinesisServers();
const [dynalite] = dynamodbServers();

/** Every `nth` call of an action gets the next of these troubles. */
function everyNth(nth: number, action: string, ...troubles: readonly Trouble[]): TroubleMaker {
  let calls = 0;
  return (called) =>
    called === action && ++calls % nth === 0 ? troubles[(calls / nth - 1) % troubles.length] : undefined;
}

describe('kinesis source in trouble', () => {
  let kinesisUrl = '';
  let tableUrl = '';
  beforeAll(async () => {
    kinesisUrl = (await kinesalite?.url()) ?? '';
    tableUrl = (await dynalite?.url()) ?? '';
  });
  afterAll(async () => {
    await kinesalite?.close();
    await dynalite?.close();
  });

  async function readThrough(trouble: TroubleMaker, tableTrouble?: TroubleMaker) {
    const stream = await LocalStream.create(kinesisUrl, 2);
    const store = new MemorySink();
    store.storeMs = 20;
    const wires = [await startTroubledWire(kinesisUrl, trouble)];
    const leases = tableTrouble && { table: `leases-${stream.name}` };
    if (tableTrouble) wires.push(await startTroubledWire(tableUrl, tableTrouble));
    const source = createKinesisSource({
      stream: stream.name,
      endpoint: wires[0]?.url ?? '',
      startFrom: 'TRIM_HORIZON',
      pipeline: 'edge',
      pollMs: 20,
      ...(leases ? { leases: { ...leases, endpoint: wires[1]?.url ?? '' } } : {}),
    });
    const stopping = new AbortController();
    const running = source.run(store, stopping.signal);
    running.catch(() => {});
    const values = keyedValues(10, 40);
    for (let start = 0; start < values.length; start += 20) {
      await stream.put(values.slice(start, start + 20));
      await pause(50);
    }
    await until('all are stored', () => store.lines.length >= values.length);
    const { retries } = source.status();
    stopping.abort();
    await running;
    for (const wire of wires) wire.close();
    expect([...store.lines].sort()).toEqual([...values].sort());
    expect(outOfOrder(store.lines)).toEqual([]);
    expect(store.contradictions).toEqual([]);
    return retries;
  }

  test('an expired iterator is replaced by one after the last record', async () => {
    expect(await readThrough(everyNth(2, 'GetRecords', { error: 'ExpiredIteratorException' }))).toBe(0);
  });

  test('throttling, errors of the service and broken connections are waited for, and counted', async () => {
    const throttled = { error: 'ProvisionedThroughputExceededException' };
    const broken = { error: 'InternalFailure', status: 500 };
    expect(await readThrough(everyNth(2, 'GetRecords', throttled, broken, 'lost', 'unanswered'))).toBeGreaterThan(3);
  });

  test('a commit of which the outcome is unknown is decided by its row', async () => {
    const trouble = everyNth(3, 'UpdateItem', 'unanswered', 'lost', { error: 'InternalServerError', status: 500 });
    expect(await readThrough(() => undefined, trouble)).toBeGreaterThan(1);
  });

  test.each([
    ['ListShards', 'AccessDeniedException', 'allow kinesis:ListShards on the stream'],
    ['GetShardIterator', 'AccessDeniedException', 'allow kinesis:GetShardIterator on the stream'],
    ['GetRecords', 'KMSAccessDeniedException', 'allow kms:Decrypt on the KMS key'],
    ['GetRecords', 'UnrecognizedClientException', 'check the credentials'],
  ])('%s refused with %s: ends, and is told by check', async (action, error, remedy) => {
    const stream = await LocalStream.create(kinesisUrl, 1);
    const wire = await startTroubledWire(kinesisUrl, (called) => (called === action ? { error } : undefined));
    const options = { endpoint: wire.url, startFrom: 'TRIM_HORIZON', pipeline: 'edge' } as const;
    const source = createKinesisSource({ stream: stream.name, ...options });
    const message = `cannot call kinesis:${action} on stream "${stream.name}": ${error}: not today; ${remedy}`;
    const signal = AbortSignal.timeout(patienceMs);
    await expect(source.run(new MemorySink(), signal)).rejects.toThrow(message);
    expect(source.status().state).toBe('stopped');
    expect(await source.check(signal)).toEqual([expect.stringContaining(message)]);
    wire.close();
  });

  test.each(['Scan', 'PutItem', 'UpdateItem', 'DeleteItem', 'GetItem', 'DescribeTable'])(
    'dynamodb:%s refused: check says what to allow',
    async (action) => {
      const stream = await LocalStream.create(kinesisUrl, 1);
      const options = {
        stream: stream.name,
        endpoint: kinesisUrl,
        startFrom: 'TRIM_HORIZON',
        pipeline: 'edge',
      } as const;
      const signal = AbortSignal.timeout(patienceMs);
      const stopping = new AbortController();
      const leases = { table: `leases-${stream.name}`, endpoint: tableUrl };
      const source = createKinesisSource({ ...options, leases });
      const running = source.run(new MemorySink(), stopping.signal);
      await until('the table is there', () => source.status().parts.length === 1);
      stopping.abort();
      await running;
      const wire = await startTroubledWire(tableUrl, (called) =>
        called === action ? { error: 'AccessDeniedException' } : undefined,
      );
      const refused = createKinesisSource({ ...options, leases: { ...leases, endpoint: wire.url } });
      expect(await refused.check(signal)).toEqual([
        expect.stringMatching(new RegExp(`; allow dynamodb:${action} on the table "${leases.table}"$`)),
      ]);
      wire.close();
    },
  );
});
