/**
 * From acknowledged `PutRecords` to visible in a query, at a steady rate through a local Kinesis.
 *
 *   npx tsx bench/stream.ts [--rate 10000] [--seconds 60] [--shards 4] [--kill | --stall | --search]
 *
 * Needs the built program and what test/services/start-kinesis needs. With `--kill`, two workers share the stream by
 * leases in DynamoDB and store into a ClickHouse server, and one of them is killed midway. With `--stall`, one worker
 * stores into a ClickHouse server that is paused for a minute in the middle. The greatest latency is then the time to
 * take over the shards, or to work off the backlog. With `--search`, a record is visible when a search in OpenSearch finds it,
 * which receives what the worker stores.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CreateStreamCommand, DescribeStreamSummaryCommand } from '@aws-sdk/client-kinesis';
import { askServer } from '../test/process/ask-server.ts';
import { type StartedService, startService } from '../test/services/start-service.ts';
import { SearchNode } from './deliver/search-node.ts';
import { describeMachine } from './machine.ts';
import { type Call, openKinesis, produce, producedFields } from './stream/producer.ts';
import { VisibleCalls, wholeCallsInIndex, wholeCallsInStore } from './stream/watch-visible.ts';
import { type StreamWorker, startWorker } from './stream/worker.ts';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '60' },
    shards: { type: 'string', default: '4' },
    kill: { type: 'boolean', default: false },
    stall: { type: 'boolean', default: false },
    search: { type: 'boolean', default: false },
  },
});
const rate = Number(values.rate);
const seconds = Number(values.seconds);
const stallMs = 60_000;
const index = 'edge';
/** A node that has just started is slow at first; calls of this time are delivered and not measured. */
const warmUpSeconds = values.search ? 30 : 0;
const work = await mkdtemp(join(tmpdir(), 'tailrace-stream-'));
const services: StartedService[] = [];
const workers: StreamWorker[] = [];

try {
  const kinesis = await start('kinesis');
  const client = openKinesis(kinesis.url);
  await client.send(new CreateStreamCommand({ StreamName: 'edge', ShardCount: Number(values.shards) }));
  for (;;) {
    const answer = await client.send(new DescribeStreamSummaryCommand({ StreamName: 'edge' }));
    if (answer.StreamDescriptionSummary?.StreamStatus === 'ACTIVE') break;
  }
  const shared =
    values.kill || values.stall
      ? { clickhouse: await start('clickhouse'), dynamodb: await start('dynamodb') }
      : undefined;
  const node = values.search ? new SearchNode((await start('opensearch')).url) : undefined;
  for (const name of values.kill ? ['survivor', 'victim'] : ['only']) {
    const config = configuration(kinesis.url, join(work, name), shared, node);
    await writeFile(join(work, `${name}.yaml`), config);
    workers.push(await startWorker(join(work, `${name}.yaml`)));
  }
  const [worker] = workers as [StreamWorker];
  if (values.kill) await new Promise((resolve) => setTimeout(resolve, 15_000));

  const windowSeconds = values.kill || values.stall ? 120 : 10;
  const visible = new VisibleCalls(() =>
    node ? wholeCallsInIndex(node, index, windowSeconds) : wholeCallsInStore(worker.url, windowSeconds),
  );
  visible.start();
  const calls: Call[] = [];
  if (values.kill) setTimeout(() => workers[1]?.kill(), (seconds * 1000) / 2);
  if (values.stall) {
    setTimeout(() => shared?.clickhouse.signal('SIGSTOP'), (seconds * 1000) / 4);
    setTimeout(() => shared?.clickhouse.signal('SIGCONT'), (seconds * 1000) / 4 + stallMs);
  }
  const sent = await produce(client, 'edge', {
    perSecond: rate,
    seconds: warmUpSeconds + seconds,
    onCall: (call) => void calls.push(call),
  });
  const until = Date.now() + (values.stall ? 300_000 : 60_000);
  while (visible.seenMs.size < calls.length && Date.now() < until) await new Promise((done) => setTimeout(done, 200));
  await visible.stop();

  const measured = calls.slice(Math.ceil((calls.length * warmUpSeconds) / (warmUpSeconds + seconds)));
  const latencies = measured.map(
    ({ number, acknowledgedMs }) => (visible.seenMs.get(number) ?? Number.NaN) - acknowledgedMs,
  );
  const [stored] = await askServer<{ rows: string; ids: string; rejected: string }>(
    worker.url,
    'SELECT toString(count()) AS rows, toString(uniqExact(request_id)) AS ids, (SELECT toString(count()) FROM rejects) AS rejected FROM requests',
  );
  const sorted = latencies.filter((value) => !Number.isNaN(value)).sort((one, other) => one - other);
  const at = (share: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? -1);
  console.log(
    JSON.stringify(
      {
        machine: describeMachine(),
        rate,
        seconds,
        shards: Number(values.shards),
        sent,
        rows: Number(stored?.rows),
        lost: sent - Number(stored?.ids),
        rejected: Number(stored?.rejected),
        twice: Number(stored?.rows) - Number(stored?.ids),
        ...(node ? { documents: await node.count(index) } : {}),
        neverSeen: latencies.length - sorted.length,
        latencyMs: { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) },
        residentMb: await worker.residentMb(),
      },
      null,
      2,
    ),
  );
  client.destroy();
} finally {
  for (const worker of workers) await worker.stop();
  for (const service of services) await service.stop();
  await rm(work, { recursive: true, force: true });
}

async function start(name: string): Promise<StartedService> {
  const service = await startService(name);
  services.push(service);
  return service;
}

function configuration(
  kinesis: string,
  directory: string,
  shared?: { clickhouse: StartedService; dynamodb: StartedService },
  node?: SearchNode,
): string {
  const store = shared ? `{ url: "${shared.clickhouse.url}" }` : `{ path: "${directory}" }`;
  const leases = shared ? `, leases: { table: leases, region: us-east-1, endpoint: "${shared.dynamodb.url}" }` : '';
  return `
store: ${store}
server: { port: 0 }
pipelines:
  edge:
    source: { type: kinesis, stream: edge, region: us-east-1, endpoint: "${kinesis}"${leases} }
    format: { type: cloudfront-realtime, fields: [${producedFields.join(', ')}] }
${node ? `destinations: { search: { type: opensearch, url: "${node.url}", index: ${index}, rotation: none } }` : ''}
`;
}
