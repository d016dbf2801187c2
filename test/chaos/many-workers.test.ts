import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { Random } from '../../bench/traffic/random.ts';
import { freePort } from '../free-port.ts';
import { makeScratchFolder } from '../process/scratch-folder.ts';
import { type StartedService, startService } from '../services/start-service.ts';
import { expectExactlyOnce } from './exactly-once.ts';
import { pause } from './feed.ts';
import { createKinesisFeed } from './feeds/kinesis-feed.ts';
import { generousLimits, WorkerUnderFire } from './worker-under-fire.ts';

const kills = Number(process.env.TAILRACE_CHAOS_KILLS ?? 3);
const seed = Number(process.env.TAILRACE_SEED ?? Date.now() % 1_000_000);
const withServices = process.env.TAILRACE_CHAOS_SERVICES === '1';
if (!withServices) {
  const servers = 'ClickHouse, DynamoDB Local and Ferrokinesis';
  console.info(`skipped test/chaos/many-workers: it starts ${servers}; set TAILRACE_CHAOS_SERVICES=1`);
}

process.env.AWS_ACCESS_KEY_ID = 'test';
process.env.AWS_SECRET_ACCESS_KEY = 'testtest';

/** Two workers share a stream; each is killed while the other goes on, and the store stands still now and then. */
async function campaign(): Promise<void> {
  const folder = makeScratchFolder();
  const random = new Random(seed, 0x2f02);
  const services: StartedService[] = [];
  const start = async (name: string) => {
    const service = await startService(name);
    services.push(service);
    return service;
  };
  try {
    const [clickhouse, dynamodb, kinesis] = [
      await start('clickhouse'),
      await start('dynamodb'),
      await start('kinesis'),
    ];
    const leases = `, leases: { table: leases, region: us-east-1, endpoint: "${dynamodb.url}" }`;
    const feed = await createKinesisFeed({ endpoint: kinesis.url, shards: 4, more: leases });
    const workers = await Promise.all(
      ['one', 'two'].map(async (name) => {
        const port = await freePort();
        const file = join(folder, `${name}.yaml`);
        const store = `store: { url: "${clickhouse.url}" }`;
        writeFileSync(file, `${store}\nserver: { port: ${port} }\n${generousLimits}\npipelines:\n  ${feed.pipeline}\n`);
        return new WorkerUnderFire(file, port);
      }),
    );
    for (const worker of workers) await worker.start();
    const ending = new AbortController();
    const running = feed.run({ url: '' }, ending.signal);
    for (let kill = 0; kill < kills; kill++) {
      await pause(1000 + random.below(8000));
      const worker = workers[random.below(workers.length)] as WorkerUnderFire;
      await worker.kill();
      if (random.below(3) === 0) await feed.disturb?.().catch(() => {});
      if (random.below(3) === 0) {
        clickhouse.signal('SIGSTOP');
        await pause(random.below(5000));
        clickhouse.signal('SIGCONT');
      }
      await worker.start();
    }
    ending.abort();
    await running;
    console.info(`${kills} kills of two workers: ${await expectExactlyOnce(workers[0] as WorkerUnderFire, [feed])}`);
    for (const worker of workers) await worker.stop();
    await feed.close();
  } finally {
    for (const service of services) await service.stop();
  }
}

test.skipIf(!withServices)(
  `${kills} kills of two workers on one stream (TAILRACE_SEED=${seed})`,
  { timeout: 7_200_000 },
  campaign,
);
