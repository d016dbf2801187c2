import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import kinesalite from 'kinesalite';
import { expect, test } from 'vitest';
import { Random } from '../../bench/traffic/random.ts';
import { freePort } from '../free-port.ts';
import { makeScratchFolder } from '../process/scratch-folder.ts';
import { type StartedService, startService } from '../services/start-service.ts';
import { expectExactlyOnce } from './exactly-once.ts';
import { type Feed, pause } from './feed.ts';
import { createFileFeed } from './feeds/file-feed.ts';
import { createKinesisFeed } from './feeds/kinesis-feed.ts';
import { createRequestFeed, firehoseRequest, ndjsonRequest } from './feeds/request-feed.ts';
import { createS3Feed } from './feeds/s3-feed.ts';
import { generousLimits, WorkerUnderFire } from './worker-under-fire.ts';

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
    writeFileSync(
      file,
      `store: { path: ./store }\nserver: { port: ${port} }\n${generousLimits}\npipelines:\n${pipelines.join('\n')}\n`,
    );
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
    console.info(`${kills} kills: ${await expectExactlyOnce(worker, feeds)}`);
    await worker.stop();
    expect(worker.faults).toEqual([]);
  } finally {
    for (const feed of feeds) await feed.close();
  }
});

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
        servers[name] = await startAgain(() => start(name));
      },
      async close() {
        await servers.s3.stop();
        await servers.sqs.stop();
      },
    }),
  ];
}

/** The port of a killed server is free some moments later. */
async function startAgain(start: () => Promise<StartedService>): Promise<StartedService> {
  for (let attempt = 1; ; attempt++) {
    await pause(500);
    try {
      return await start();
    } catch (cause) {
      if (attempt === 20) throw cause;
    }
  }
}

async function openKinesalite(): Promise<Feed> {
  const server = kinesalite({ createStreamMs: 50, updateStreamMs: 50, shardLimit: 100 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return createKinesisFeed({ endpoint: `http://127.0.0.1:${port}`, shards: 2, close });
}
