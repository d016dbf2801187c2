import { describe, expect, test } from 'vitest';
import { patienceMs } from '../../../test/patience.ts';
import {
  keyedValues,
  LocalStream,
  outOfOrder,
  runningServer,
  setTestCredentials,
  until,
} from '../test-doubles/local-stream.ts';
import { MemorySink } from '../test-doubles/memory-sink.ts';
import { createKinesisSource } from './kinesis-source.ts';

setTestCredentials();

// kinesis-mock does not end a subscription with its shard, and npm's server has none.
const servers = runningServer('Ferrokinesis', 'TAILRACE_TEST_KINESIS_URL');

describe.skipIf(servers.length === 0)('enhanced fan-out', () => {
  test('registers its consumer, and takes all that is pushed once, over a split and a restart', async () => {
    const stream = await LocalStream.create((await servers[0]?.url()) ?? '', 2);
    const store = new MemorySink();
    const start = () => {
      const source = createKinesisSource({
        stream: stream.name,
        endpoint: stream.endpoint,
        startFrom: 'TRIM_HORIZON',
        pipeline: 'edge',
        fanOut: { consumer: 'tailrace' },
      });
      const stopping = new AbortController();
      const running = source.run(store, stopping.signal);
      running.catch(() => {});
      const stop = () => {
        stopping.abort();
        return running;
      };
      return { source, stop };
    };
    const values = keyedValues(10, 60);
    await stream.put(values.slice(0, 200));
    const first = start();
    await until('the first part is stored', () => store.lines.length >= 200);
    await stream.split();
    await stream.put(values.slice(200, 400));
    await until('the second part is stored', () => store.lines.length >= 400);
    await first.stop();
    const second = start();
    await stream.put(values.slice(400));
    await until('all are stored', () => store.lines.length >= 600);
    expect(await second.source.check(AbortSignal.timeout(patienceMs))).toEqual([]);
    await second.stop();
    expect([...store.lines].sort()).toEqual([...values].sort());
    expect(outOfOrder(store.lines)).toEqual([]);
  });
});
