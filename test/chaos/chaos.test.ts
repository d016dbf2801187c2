import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import kinesalite from 'kinesalite';
import { expect, test } from 'vitest';
import { Random } from '../../bench/traffic/random.ts';
import { makeScratchFolder } from '../process/scratch-folder.ts';
import { startService } from '../services/start-service.ts';
import { type Feed, pause } from './feed.ts';
import { createFileFeed } from './feeds/file-feed.ts';
import { createKinesisFeed } from './feeds/kinesis-feed.ts';
import { createRequestFeed, firehoseRequest, ndjsonRequest } from './feeds/request-feed.ts';
import { createS3Feed } from './feeds/s3-feed.ts';
import { campaignIds, freePort, WorkerUnderFire } from './worker-under-fire.ts';

const kills = Number(process.env.TAILRACE_CHAOS_KILLS ?? 3);
const seed = Number(process.env.TAILRACE_SEED ?? Date.now() % 1_000_000);
/** Real servers besides what npm has: they are installed the first time, which takes minutes. */
const withServices = process.env.TAILRACE_CHAOS_SERVICES === '1';

process.env.AWS_ACCESS_KEY_ID = 'test';
process.env.AWS_SECRET_ACCESS_KEY = 'testtest';

test(`${kills} kills under load from every source lose nothing and store nothing twice (TAILRACE_SEED=${seed})`, {
  timeout: 7_200_000,
}, async () => {
  if (!withServices) console.info('chaos: without S3, SQS and Ferrokinesis; set TAILRACE_CHAOS_SERVICES=1 for them');
  const folder = makeScratchFolder();
  const random = new Random(seed, 0xca05);
  const feeds = await openFeeds(folder, random);
  try {
    const port = await freePort();
    const file = join(folder, 'tailrace.yaml');
    const pipelines = feeds.flatMap(({ pipeline }) => (pipeline === '' ? [] : `  ${pipeline}`));
    writeFileSync(file, `store: { path: ./store }\nserver: { port: ${port} }\npipelines:\n${pipelines.join('\n')}\n`);
    const worker = new WorkerUnderFire(file, port);
    await worker.start();
    const ending = new AbortController();
    const running = feeds.map((feed) => feed.run(worker, ending.signal));
    for (let kill = 0; kill < kills; kill++) {
      await pause(200 + random.below(3000));
      const feed = feeds[random.below(feeds.length)];
      // Some are killed in the middle of it.
      const disturbed = feed?.disturb?.().catch(() => {});
      if (random.below(2) === 0) await disturbed;
      await worker.kill();
      await worker.start();
      await disturbed;
    }
    ending.abort();
    await Promise.all(running);
    await expectExactlyOnce(worker, feeds);
    await worker.stop();
    expect(worker.faults).toEqual([]);
  } finally {
    for (const feed of feeds) await feed.close();
  }
});

async function expectExactlyOnce(worker: WorkerUnderFire, feeds: readonly Feed[]): Promise<void> {
  const taken = feeds.flatMap((feed) => [...feed.taken]);
  await worker.untilQuiet(taken.length, 120_000);
  // What was stored twice would come last.
  await pause(3000);
  const rows = await worker.ask<{ id: string; times: number }>(
    `SELECT id, toUInt32(count()) AS times FROM (${campaignIds}) GROUP BY id`,
  );
  const stored = new Map(rows.map(({ id, times }) => [id, times]));
  const doubtful = new Set(feeds.flatMap((feed) => [...feed.doubtful]));
  const wanted = new Set(taken);
  const books = await worker.ask<{ name: string; count: number }>(`
    SELECT 'unbalanced' AS name, toUInt32(count()) AS count FROM ledger WHERE lines != rows + rejected + comments
    UNION ALL SELECT 'rejected', toUInt32(count()) FROM rejects
    UNION ALL SELECT 'unfinished', toUInt32(count()) FROM plans WHERE batch NOT IN (SELECT batch FROM ledger)
    UNION ALL SELECT 'rows', toUInt32((SELECT count() FROM requests) + (SELECT count() FROM logs))
    UNION ALL SELECT 'ledger', toUInt32(sum(rows)) FROM ledger`);
  const count = new Map(books.map(({ name, count }) => [name, count]));
  console.info(`${kills} kills: ${taken.length} events taken, ${doubtful.size} doubtful, ${count.get('rows')} rows`);
  const lost = taken.filter((id) => !stored.has(id));
  const twice = [...stored].filter(([, times]) => times > 1).map(([id]) => id);
  const strange = [...stored.keys()].filter((id) => !wanted.has(id) && !doubtful.has(id));
  expect({ lost: sample(lost), twice: sample(twice), strange: sample(strange) }).toEqual({
    ...{ lost: [0], twice: [0], strange: [0] },
  });
  expect(Object.fromEntries(count)).toMatchObject({ unbalanced: 0, rejected: 0, unfinished: 0 });
  expect(count.get('ledger')).toBe(count.get('rows'));
  expect(taken.length).toBeGreaterThan(100);
}

/** How many, and some of them. */
function sample(ids: readonly string[]): (number | string)[] {
  return [ids.length, ...ids.slice(0, 3)];
}

async function openFeeds(folder: string, random: Random): Promise<Feed[]> {
  const feeds = [
    createFileFeed(join(folder, 'logs')),
    createRequestFeed('ndjson', ndjsonRequest),
    createRequestFeed('firehose', firehoseRequest),
  ];
  if (!withServices) return [...feeds, await openKinesalite()];
  const kinesis = await startService('kinesis');
  const ports = { s3: await freePort(), sqs: await freePort() };
  const start = (name: 's3' | 'sqs') => startService(name, { port: ports[name], data: join(folder, name) });
  const servers = { s3: await start('s3'), sqs: await start('sqs') };
  return [
    ...feeds,
    await createKinesisFeed({ endpoint: kinesis.url, shards: 3, close: () => kinesis.stop() }),
    await createS3Feed({
      s3: servers.s3.url,
      sqs: servers.sqs.url,
      async disturb() {
        const name = random.below(2) === 0 ? 's3' : 'sqs';
        servers[name].signal('SIGKILL');
        await pause(500);
        servers[name] = await start(name);
      },
      async close() {
        await servers.s3.stop();
        await servers.sqs.stop();
      },
    }),
  ];
}

async function openKinesalite(): Promise<Feed> {
  const server = kinesalite({ createStreamMs: 50, updateStreamMs: 50, shardLimit: 100 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return createKinesisFeed({ endpoint: `http://127.0.0.1:${port}`, shards: 2, close });
}
