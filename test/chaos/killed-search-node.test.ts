import { setTimeout as pause } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { Random } from '../../bench/traffic/random.ts';
import { createOpensearchDestination } from '../../src/destinations/opensearch/opensearch-destination.ts';
import { Destinations } from '../../src/destinations/run-destinations.ts';
import { header, lines, ScratchStore } from '../../src/pipeline/test-doubles/scratch-store.ts';
import { makeScratchFolder } from '../process/scratch-folder.ts';
import { startService } from '../services/start-service.ts';

vi.mock('../../src/waiting/backoff.ts', () => ({ backoffMs: () => 200 }));

const kills = Number(process.env.TAILRACE_SEARCH_KILLS ?? 1);
const seed = Number(process.env.TAILRACE_SEED ?? Date.now() % 1_000_000);
const whyNot = process.env.TAILRACE_CHAOS_SERVICES ? undefined : 'TAILRACE_CHAOS_SERVICES is not set';
if (whyNot) console.warn(`skipped: kills of a node of OpenSearch, because ${whyNot}`);

/** A kill and the start of a node take a minute on a busy machine. */
const timeout = (kills + 2) * 120_000;

test.skipIf(whyNot)(
  `however often its node is killed, each row is a document once (TAILRACE_SEED=${seed})`,
  async () => {
    const random = new Random(seed, 0x0517);
    const data = makeScratchFolder();
    let node = await startService('opensearch', { data });
    const { url } = node;
    const scratch = await ScratchStore.open();
    try {
      const sink = scratch.openSink();
      for (let batch = 0; batch < 10; batch++) await storeBatch(sink, `before-${batch}`);
      const create = () =>
        createOpensearchDestination({
          ...{ url, index: 'killed', rotation: 'day', fields: 'native', tables: ['requests'], compression: 'none' },
          ...{ bufferSize: 1e5, bufferInterval: 0, requestSize: 64 * 1024 },
        });
      const destinations = new Destinations({ engine: scratch.store.engine, spoolDirectory: scratch.spoolDirectory }, [
        { name: 'killed', type: 'opensearch', from: 'beginning', pipelines: undefined, mask: {}, create },
      ]);
      const status = () => destinations.status()[0];
      for (let kill = 0; kill < kills; kill++) {
        for (let batch = 0; batch < 10; batch++) await storeBatch(sink, `${kill}-${batch}`);
        const before = status()?.counts.batches ?? 0;
        await expect.poll(() => status()?.counts.batches, { timeout, interval: 5 }).toBeGreaterThan(before);
        await pause(random.fraction() * 300);
        node.signal('SIGKILL');
        // All others may have been delivered by now, and nobody would notice that it is away.
        await storeBatch(sink, `${kill}-away`);
        await expect.poll(() => status()?.state, { timeout }).toBe('retrying');
        node = await startService('opensearch', { data, port: Number(new URL(url).port) });
        console.info(`kill ${kill + 1} of ${kills}`);
      }
      await expect
        .poll(status, { timeout })
        .toMatchObject({ state: 'running', counts: { waiting: 0, dead: 0, refused: 0 } });
      await destinations.stop();
      await fetch(`${url}/killed-*/_refresh`, { method: 'POST' });
      const [stored] = await scratch.store.engine.rows<{ count: number }>({
        sql: 'SELECT count() AS count FROM requests',
      });
      const answer = await fetch(`${url}/killed-*/_count`);
      expect(await answer.json()).toMatchObject({ count: Number(stored?.count) });
      expect(stored?.count).toBe((10 + kills * 11) * 300);
    } finally {
      await scratch.close();
      await node.stop();
    }
  },
  timeout,
);

async function storeBatch(sink: ReturnType<ScratchStore['openSink']>, name: string): Promise<void> {
  const content = { kind: 'lines' as const, chunks: [Buffer.from(header + lines(300, name))] };
  await sink.store([{ origin: `s3://logs/${name}`, version: '1', content }]);
}
