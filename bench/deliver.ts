/**
 * Documents a second into OpenSearch or Elasticsearch: the program against the official client and Filebeat, and the store
 * against the node on the same rows.
 *
 *   npx tsx bench/deliver.ts [--rows 200000] [--node elasticsearch|opensearch] [--repeat 3] [--work DIR]
 *
 * Needs the built program, what test/services/start-NODE needs, and for its part `test/services/install-shipper filebeat`.
 * Filebeat delivers to Elasticsearch only. Prints Markdown.
 */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { startService } from '../test/services/start-service.ts';
import { median } from './classic-queries.ts';
import { compareQueries } from './deliver/compare-queries.ts';
import { type DeliveryRun, runSender } from './deliver/run-sender.ts';
import { SearchNode } from './deliver/search-node.ts';
import { client, filebeat, type Sender, tailrace } from './deliver/senders.ts';
import { type Finding, formatFindings, isMet } from './findings.ts';
import { describeMachine } from './machine.ts';
import { settledBytes } from './store-state.ts';
import { runIngest } from './tailrace-process.ts';
import { writeLogs } from './traffic/write-logs.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '200000' },
    node: { type: 'string', default: 'elasticsearch' },
    repeat: { type: 'string', default: '3' },
    work: { type: 'string' },
  },
});
const rows = Number(values.rows);
const machine = describeMachine();
const work = await mkdtemp(join(values.work ?? tmpdir(), 'tailrace-deliver-'));
const service = await startService(values.node);

try {
  const node = new SearchNode(service.url);
  const data = await writeLogs({ rows, directory: join(work, 'logs'), layout: 'one' });
  const store = join(work, 'store');
  const ingest = await runIngest(store, data.files[0] ?? '', rows);

  // The first delivery warms the node up, and leaves what the others deliver into equal mappings.
  await runSender(tailrace(store), node, { index: 'warm', documents: rows, work, nodePid: service.pid });
  const file = join(work, 'documents.ndjson');
  await pipeline(Readable.from(jsonLines(node.documents('warm'))), createWriteStream(file));
  const mappings = Object.values(await node.ask<Record<string, { mappings: object }>>('GET', '/warm/_mapping'))[0]
    ?.mappings as object;

  const beat = values.node === 'elasticsearch' ? filebeat(file) : undefined;
  if (!beat) console.error('skipped: Filebeat, because it is not installed, or the node is not Elasticsearch');
  const ours = tailrace(store);
  const loop = client('client, plain loop', 'loop', file);
  const helper = client('client, bulk helper', 'helper', file);
  const limit = client('bodies made before', 'bare', file);
  const limitOfIds = client('bodies made before, with ids', 'bare-ids', file);
  const senders = [ours, loop, helper, ...(beat ? [beat] : []), limit, limitOfIds];
  const runs: DeliveryRun[] = [];
  for (let round = 1; round <= Number(values.repeat); round++) {
    for (const sender of senders) {
      const index = `round-${round}-${senders.indexOf(sender)}`;
      const run = await runSender(sender, node, { index, mappings, documents: rows, work, nodePid: service.pid });
      console.error(
        `${run.sender} ${round}: ${run.seconds.toFixed(2)} s, CPU ${run.cpuSeconds.toFixed(2)} s, of the node ${run.nodeCpuSeconds.toFixed(2)} s`,
      );
      runs.push(run);
      await node.ask('DELETE', `/${index}`);
    }
  }

  const findings = [
    ...speedFindings(runs, ours, [loop, ...(beat ? [beat] : [])], [helper, limit, limitOfIds]),
    {
      name: 'ingest into the store',
      value: rows / ingest.seconds,
      unit: 'rows/s' as const,
      from: `${ingest.seconds.toFixed(2)} s, whole command`,
    },
    await sizeFinding(node, await settledBytes(store)),
    ...(await compareQueries(store, node, 'warm')),
  ];
  console.log(formatFindings(machine, rows, findings));
  process.exitCode = findings.some((finding) => isMet(finding) === false) ? 1 : 0;
} finally {
  await service.stop();
  await rm(work, { recursive: true, force: true });
}

function speedFindings(
  runs: readonly DeliveryRun[],
  ours: Sender,
  peers: readonly Sender[],
  others: readonly Sender[],
): Finding[] {
  const of = (sender: Sender) => runs.filter((run) => run.sender === sender.name);
  const secondsOf = (sender: Sender) => median(of(sender).map(({ seconds }) => seconds));
  const speeds = [ours, ...peers, ...others].map((sender): Finding => {
    const all = of(sender);
    const cpu = median(all.map((run) => run.cpuSeconds));
    const nodeCpu = median(all.map((run) => run.nodeCpuSeconds));
    const seconds = all.map((run) => run.seconds.toFixed(2)).join(' / ');
    const twice = all.some((run) => run.twice > 0)
      ? `; documents twice: ${all.map((run) => run.twice).join(' / ')}`
      : '';
    const from = `${seconds} s; CPU ${cpu.toFixed(1)} s, of the node ${nodeCpu.toFixed(1)} s${twice}`;
    return { name: sender.name, value: rows / secondsOf(sender), unit: 'rows/s', from };
  });
  const against = (sender: Sender) => secondsOf(sender) / secondsOf(ours);
  const best = peers.toSorted((one, other) => secondsOf(one) - secondsOf(other))[0] as Sender;
  return [
    ...speeds,
    {
      name: 'against the better of loop and Filebeat',
      value: against(best),
      unit: '×',
      target: { atLeast: 1.5 },
      from: best.name,
    },
    ...others.map(
      (limit): Finding => ({
        name: `against ${limit.name}`,
        value: against(limit),
        unit: '×',
        from: 'to compare',
      }),
    ),
  ];
}

async function sizeFinding(node: SearchNode, storedBytes: number): Promise<Finding> {
  const bytes = await node.mergedBytes('warm');
  const megabytes = (size: number) => `${(size / 1e6).toFixed(1)} MB`;
  return {
    name: 'disk of the node against that of the store',
    value: bytes / storedBytes,
    unit: '×',
    from: `${megabytes(bytes)} in one segment against ${megabytes(storedBytes)}`,
  };
}

async function* jsonLines(documents: AsyncIterable<object>): AsyncGenerator<string> {
  for await (const document of documents) yield `${JSON.stringify(document)}\n`;
}
