/**
 * From acknowledged `PutRecords` to visible in a query, at a steady rate through a local Kinesis.
 *
 *   npx tsx bench/stream.ts [--rate 10000] [--seconds 60] [--shards 4] [--kill | --stall | --search]
 *
 * Needs the built program and what test/services/start-kinesis needs. With `--kill`, two workers share the stream by
 * leases in DynamoDB and store into a ClickHouse server, and one of them is killed midway. With `--stall`, one worker
 * stores into a ClickHouse server that is paused for a minute in the middle. The greatest latency is then the time to
 * take over the shards, or to work off the backlog. With `--search`, a record is visible when a search in OpenSearch finds it,
 * which receives what the worker stores. Prints the promise beside the figure and exits with 1 when it is broken; results go to bench/results/.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CreateStreamCommand, DescribeStreamSummaryCommand } from '@aws-sdk/client-kinesis';
import { askServer } from '../test/process/ask-server.ts';
import { type StartedService, startService } from '../test/services/start-service.ts';
import { SearchNode } from './deliver/search-node.ts';
import { type Finding, formatFindings, isMet } from './findings.ts';
import { describeMachine } from './machine.ts';
import { saveResults } from './save-results.ts';
import { type Call, openKinesis, produce } from './stream/producer.ts';
import { VisibleCalls, wholeCallsInIndex, wholeCallsInStore } from './stream/watch-visible.ts';
import { type StreamWorker, startWorker } from './stream/worker.ts';
import { realtimeFields } from './traffic/realtime-fields.ts';

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
  const [rows, ids] = [Number(stored?.rows), Number(stored?.ids)];
  const results = {
    machine: describeMachine(),
    rows,
    findings: [finding(at(0.99), at(1), `p50 ${at(0.5)} ms, p90 ${at(0.9)} ms, slowest ${at(1)} ms`)],
    ...{ rate, seconds, shards: Number(values.shards), sent },
    ...{ lost: sent - ids, rejected: Number(stored?.rejected), twice: rows - ids },
    ...(node ? { documents: await node.count(index) } : {}),
    neverSeen: latencies.length - sorted.length,
    residentMb: await worker.residentMb(),
  };
  const { machine, findings: found, ...facts } = results;
  console.log(`${formatFindings(machine, rows, found)}\n\n${JSON.stringify(facts)}`);
  await saveResults('stream', results);
  const isWhole = facts.lost === 0 && facts.twice === 0 && facts.neverSeen === 0;
  process.exitCode = isWhole && found.every((finding) => isMet(finding) !== false) ? 0 : 1;
  client.destroy();
} finally {
  for (const worker of workers) await worker.stop();
  for (const service of services) await service.stop();
  await rm(work, { recursive: true, force: true });
}

/** What is promised for each kind of run; while ClickHouse is paused, only that nothing is lost. */
function finding(p99Ms: number, slowestMs: number, from: string): Finding {
  const name = `acknowledged to ${values.search ? 'searchable' : 'visible'} at ${rate.toLocaleString('en')} records/s`;
  if (values.kill)
    return { name: `${name}, slowest call`, value: slowestMs / 1000, unit: 's', target: { atMost: 15 }, from };
  const target = values.stall ? {} : { target: { atMost: values.search ? 2.5 : 1 } };
  return { name: `${name}, p99`, value: p99Ms / 1000, unit: 's', ...target, from };
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
    format: { type: cloudfront-realtime, fields: [${realtimeFields.join(', ')}] }
${node ? `destinations: { search: { type: opensearch, url: "${node.url}", index: ${index}, rotation: none } }` : ''}
`;
}
