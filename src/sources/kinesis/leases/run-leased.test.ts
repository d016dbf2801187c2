import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { patienceMs } from '../../../../test/patience.ts';
import {
  dynamodbServers,
  keyedValues,
  kinesisServers,
  LocalStream,
  outOfOrder,
  setTestCredentials,
  until,
} from '../../test-doubles/local-stream.ts';
import { MemorySink } from '../../test-doubles/memory-sink.ts';
import { createKinesisSource } from '../kinesis-source.ts';

setTestCredentials();

// The two servers from npm; and, where they run, the servers that can take load.
const kinesisOnes = kinesisServers();
const pairs = dynamodbServers().flatMap((table, index) => {
  const kinesis = kinesisOnes[index] ?? kinesisOnes[0];
  return kinesis ? [{ table, kinesis }] : [];
});

/** Forwards connections until it is cut, when the worker behind it appears dead. */
async function startWire(target: string) {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
    return socket;
  };
  const server = createServer((socket) => {
    const onward = keep(connect(Number(new URL(target).port), '127.0.0.1'));
    keep(socket).pipe(onward).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, cut };
}

describe.each(pairs)('leases in $table.name for $kinesis.name', ({ table, kinesis }) => {
  let [kinesisUrl, tableUrl] = ['', ''];
  beforeAll(async () => {
    [kinesisUrl, tableUrl] = await Promise.all([kinesis.url(), table.url()]);
  });
  afterAll(async () => {
    await Promise.all([kinesis.close(), table.close()]);
  });

  async function startWorker(stream: LocalStream, store: MemorySink) {
    const [toKinesis, toTable] = [await startWire(kinesisUrl), await startWire(tableUrl)];
    const source = createKinesisSource({
      stream: stream.name,
      endpoint: toKinesis.url,
      startFrom: 'TRIM_HORIZON',
      pipeline: 'edge',
      leases: { table: `leases-${stream.name}`, endpoint: toTable.url },
    });
    const stopping = new AbortController();
    const sink = store.worker();
    const running = source.run(sink, stopping.signal);
    running.catch(() => {});
    const cut = () => {
      toKinesis.cut();
      toTable.cut();
    };
    return {
      shards: () => source.status().parts.length,
      check: () => source.check(AbortSignal.timeout(patienceMs)),
      stop: async () => {
        stopping.abort(new Error('the test stops it'));
        await running;
        cut();
      },
      /** Like `kill -9`: nothing is released, nothing finishes. */
      kill: () => {
        sink.kill();
        cut();
        stopping.abort(new Error('the test killed it'));
      },
      /** The worker stays alive, but unreachable. */
      cut,
    };
  }

  function expectOnce(store: MemorySink, expected: readonly string[]) {
    expect([...store.lines].sort()).toEqual([...expected].sort());
    expect(outOfOrder(store.lines)).toEqual([]);
    expect(store.contradictions).toEqual([]);
    expect(store.inFlight).toBe(0);
  }

  test('workers join, share, leave and are killed under load: every record once, in order', async () => {
    const stream = await LocalStream.create(kinesisUrl, 4);
    const store = new MemorySink();
    store.storeMs = 50;
    const expected: string[] = [];
    let isLoaded = true;
    const load = (async () => {
      while (isLoaded) {
        const values = keyedValues(16, 2, expected.length / 16);
        expected.push(...values);
        await stream.put(values);
        await pause(100);
      }
    })();
    const first = await startWorker(stream, store);
    await until('the first has all shards', () => first.shards() === 4);
    const second = await startWorker(stream, store);
    await until('they share', () => first.shards() === 2 && second.shards() === 2);
    expect(await second.check()).toEqual([]);
    second.kill();
    await until('the first has taken over', () => first.shards() === 4);
    const third = await startWorker(stream, store);
    await until('they share again', () => first.shards() === 2 && third.shards() === 2);
    await stream.split();
    await until('the children are read', () => first.shards() + third.shards() === 5);
    await first.stop();
    const owners = (await readRows(`leases-${stream.name}`)).flatMap(({ leaseOwner }) => leaseOwner?.S ?? []);
    expect(new Set(owners).size, 'the first gives its leases back').toBe(1);
    await until('the third has all shards', () => third.shards() === 5);
    isLoaded = false;
    await load;
    await until('all are stored', () => store.lines.length >= expected.length);
    await pause(500);
    await third.stop();
    expectOnce(store, expected);
    const rows = await readRows(`leases-${stream.name}`);
    expect(rows).toHaveLength(6);
    expect(rows.filter(({ checkpoint }) => checkpoint?.S === 'SHARD_END')).toHaveLength(1);
    expect(rows.filter(({ leaseOwner }) => leaseOwner !== undefined)).toEqual([]);
    expect(rows.every(({ leaseKey }) => leaseKey?.S?.startsWith(`edge:${stream.name}:shardId-`))).toBe(true);
  });

  test('a worker that is cut off commits nothing any more, and comes to no harm', async () => {
    const stream = await LocalStream.create(kinesisUrl, 2);
    const store = new MemorySink();
    store.storeMs = 300;
    const first = await startWorker(stream, store);
    await until('it has all shards', () => first.shards() === 2);
    const values = keyedValues(10, 30);
    await stream.put(values.slice(0, 100));
    await until('something is under way', () => store.inFlight > 0);
    first.cut();
    await stream.put(values.slice(100));
    const second = await startWorker(stream, store);
    await until('the other has stored all', () => store.lines.length >= values.length);
    await pause(500);
    await second.stop();
    expectOnce(store, values);
    await first.stop();
    expectOnce(store, values);
  });

  // It waits for two failovers, and knows no difference between the servers.
  if (kinesis === pairs[0]?.kinesis) {
    test('what a starved worker begins when the next owner has settled is taken back when it is killed', async () => {
      const stream = await LocalStream.create(kinesisUrl, 2);
      const store = new MemorySink();
      const goOn = store.hold();
      const first = await startWorker(stream, store);
      await until('it has all shards', () => first.shards() === 2);
      const values = keyedValues(10, 5);
      await stream.put(values);
      await until('it has read them', () => store.calls.length === 2);
      first.cut();
      store.storeMs = 2000;
      const second = await startWorker(stream, store);
      await until('the other has taken over', () => second.shards() === 2);
      goOn();
      await until('the first begins what it has read', () => store.inFlight > 0);
      first.kill();
      await until('the other has stored all', () => store.lines.length >= values.length);
      await until('nothing of the first remains', () => store.inFlight === 0);
      await second.stop();
      expectOnce(store, values);
    });
  }

  async function readRows(name: string) {
    const client = new DynamoDBClient({ endpoint: tableUrl });
    return (await client.send(new ScanCommand({ TableName: name }))).Items ?? [];
  }
});
