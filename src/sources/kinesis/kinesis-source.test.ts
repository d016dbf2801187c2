import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { patienceMs } from '../../../test/patience.ts';
import type { Source } from '../source.ts';
import {
  keyedValues,
  kinesisServers,
  LocalStream,
  outOfOrder,
  setTestCredentials,
  until,
} from '../test-doubles/local-stream.ts';
import { MemorySink } from '../test-doubles/memory-sink.ts';
import type { KinesisOptions } from './kinesis-options.ts';
import { createKinesisSource } from './kinesis-source.ts';

setTestCredentials();

/** A source that runs until the test stops it. */
function start(stream: LocalStream, store: MemorySink, options: Partial<KinesisOptions> = {}) {
  const source = createKinesisSource({
    stream: stream.name,
    endpoint: stream.endpoint,
    region: 'us-east-1',
    startFrom: 'TRIM_HORIZON',
    pipeline: 'edge',
    ...options,
  });
  const stopping = new AbortController();
  const running = source.run(store, stopping.signal);
  running.catch(() => {});
  const stop = () => {
    stopping.abort(new Error('the test stops it'));
    return running;
  };
  return { source, running, stop };
}

describe.each(kinesisServers())('kinesis source on $name', (server) => {
  let url = '';
  beforeAll(async () => {
    url = await server.url();
  });
  afterAll(() => server.close());

  test('stores every record of every shard once, and goes on after a restart', async () => {
    const stream = await LocalStream.create(url, 3);
    const store = new MemorySink();
    const first = keyedValues(20, 20);
    await stream.put(first);
    const { source, stop } = start(stream, store);
    await until('all are stored', () => store.lines.length >= first.length);
    await stop();
    expect(source.status().state).toBe('stopped');
    const second = keyedValues(20, 20, 20);
    await stream.put(second);
    // The only local server that accepts stream ARNs.
    const arn = { stream: `arn:aws:kinesis:us-east-1:123456789012:stream/${stream.name}` };
    const again = start(stream, store, server.name === 'kinesis-mock' ? arn : {});
    await until('the rest is stored', () => store.lines.length >= 800);
    await pause(500);
    expect(again.source.status()).toMatchObject({ state: 'running', retries: 0 });
    expect(again.source.status().parts).toHaveLength(3);
    await again.stop();
    expect([...store.lines].sort()).toEqual([...first, ...second].sort());
    expect(outOfOrder(store.lines)).toEqual([]);
    for (const { origin, version, context } of store.stored) {
      expect(origin).toMatch(new RegExp(`^kinesis://us-east-1/${stream.name}/shardId-\\d{12}$`));
      expect(version).toMatch(/^\d{20,}-\d{20,}$/);
      expect(Math.abs(Date.now() - (context?.arrivedAtMs ?? 0))).toBeLessThan(600_000);
    }
  });

  test('keeps the order of each key through splits and merges under load, and over restarts', async () => {
    const stream = await LocalStream.create(url, 2);
    const store = new MemorySink();
    store.storeMs = 30;
    let running = start(stream, store);
    const expected: string[] = [];
    const put = async () => {
      const values = keyedValues(12, 5, expected.length / 12);
      expected.push(...values);
      await stream.put(values);
    };
    for (const change of ['split', 'merge', 'restart', 'split', 'split', 'restart', 'merge', 'merge'] as const) {
      for (let round = 0; round < 3; round++) await put();
      if (change === 'restart') {
        await running.stop();
        await put();
        running = start(stream, store);
      } else await stream[change]();
    }
    await put();
    await until('all are stored', () => store.lines.length >= expected.length);
    const open = (await stream.openShards()).length;
    await until('the parents have ended', () => running.source.status().parts.length === open);
    await running.stop();
    expect(store.lines).toHaveLength(expected.length);
    expect([...store.lines].sort()).toEqual(expected.sort());
    expect(outOfOrder(store.lines)).toEqual([]);
  });

  test('LATEST: what came before the first start is left, what comes while it does not run is not', async () => {
    const stream = await LocalStream.create(url, 2);
    const store = new MemorySink();
    await stream.put(keyedValues(8, 2));
    await pause(1100); // some servers keep times in seconds
    const first = start(stream, store, { startFrom: 'LATEST' });
    await until('it reads', () => first.source.status().parts.filter(({ lagMs }) => lagMs !== undefined).length === 2);
    await first.stop();
    expect(store.lines).toEqual([]);
    await pause(1100);
    const later = keyedValues(8, 2, 2);
    await stream.put(later);
    const second = start(stream, store, { startFrom: 'LATEST' });
    await until('all are stored', () => store.lines.length >= later.length);
    await stream.split();
    const last = keyedValues(8, 2, 4);
    await stream.put(last);
    await until('all are stored', () => store.lines.length >= later.length + last.length);
    await second.stop();
    expect([...store.lines].sort()).toEqual([...later, ...last].sort());
  });

  test('begins at a time', async () => {
    const stream = await LocalStream.create(url, 1);
    const store = new MemorySink();
    await stream.put(['a:1']);
    await pause(2100);
    const startFrom = new Date();
    await pause(1100);
    await stream.put(['a:2', 'a:3']);
    const { stop } = start(stream, store, { startFrom });
    await until('the later ones are stored', () => store.lines.length >= 2);
    await stop();
    expect(store.lines).toEqual(['a:2', 'a:3']);
  });

  test('a slow store makes larger ranges, one at a time', async () => {
    const stream = await LocalStream.create(url, 1);
    const store = new MemorySink();
    store.storeMs = 700;
    const { source, stop } = start(stream, store);
    for (let round = 0; round < 12; round++) {
      await stream.put([`a:${round}`]);
      await pause(150);
      expect(store.inFlight).toBeLessThanOrEqual(1);
    }
    expect(source.status().parts[0]?.oldestUnacknowledgedMs).toBeGreaterThanOrEqual(0);
    await until('all are stored', () => store.lines.length >= 12);
    await until('nothing is held', () => source.status().parts[0]?.oldestUnacknowledgedMs === undefined);
    await stop();
    expect(store.lines).toEqual(Array.from({ length: 12 }, (_, round) => `a:${round}`));
    expect(store.stored.filter(({ text }) => text !== '').length).toBeLessThan(10);
  });

  test('says what to do about a stream that is not there, and finds nothing wrong with one that is', async () => {
    const stream = await LocalStream.create(url, 1);
    const options = { stream: 'no-such-stream', endpoint: url, startFrom: 'LATEST', pipeline: 'edge' } as const;
    const missing: Source = createKinesisSource(options);
    const signal = AbortSignal.timeout(patienceMs);
    await expect(missing.run(new MemorySink(), signal)).rejects.toThrow(
      /cannot call kinesis:ListShards on stream "no-such-stream": ResourceNotFoundException.*; check the name of the stream/,
    );
    expect(await missing.check(signal)).toEqual([
      expect.stringMatching(
        /^cannot call kinesis:DescribeStreamSummary on stream "no-such-stream": Res.*check the name/,
      ),
    ]);
    expect(await createKinesisSource({ ...options, stream: stream.name }).check(signal)).toEqual([]);
  });
});
