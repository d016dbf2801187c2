import { classicQueries, median } from '../classic-queries.ts';
import type { Finding } from '../findings.ts';
import { startServer } from '../tailrace-process.ts';
import type { SearchNode } from './search-node.ts';

/** The classic questions as aggregations over the documents of `requests`: a composite one, which answers with all groups in pages. */
const aggregations: Readonly<Record<(typeof classicQueries)[number]['name'], object>> = {
  'bots by address': grouped(['client_ip', 'edge_location'], { query: { term: { is_bot: true } } }),
  'bytes by location': grouped(['edge_location', 'distribution'], {}, { bytes: { sum: { field: 'bytes_sent' } } }),
  'requests by address': grouped(['client_ip'], {}),
};

function grouped(fields: readonly string[], request: object, aggs?: object): object {
  const sources = fields.map((field) => ({ [field]: { terms: { field, missing_bucket: true } } }));
  return { ...request, groups: { composite: { size: 10_000, sources }, ...(aggs ? { aggs } : {}) } };
}

const runs = 7;

/** Each question to both, median of seven after one that warms up. */
export async function compareQueries(store: string, node: SearchNode, index: string): Promise<Finding[]> {
  const server = await startServer(store);
  try {
    const findings: Finding[] = [];
    for (const { name, sql } of classicQueries) {
      const ours: number[] = [];
      const theirs: number[] = [];
      for (let run = 0; run <= runs; run++) {
        ours.push(await server.timeQuery(sql));
        theirs.push(await timed(() => askAll(node, index, aggregations[name])));
      }
      const [our, their] = [median(ours.slice(1)), median(theirs.slice(1))];
      findings.push({
        name: `query: ${name}, the node's time against the store's`,
        value: their / our,
        unit: '×',
        from: `${their.toFixed(0)} ms against ${our.toFixed(0)} ms, medians of ${runs}`,
      });
    }
    return findings;
  } finally {
    await server.stop();
  }
}

async function askAll(node: SearchNode, index: string, asked: object): Promise<number> {
  const { groups, ...request } = asked as { groups: { composite: object } };
  let count = 0;
  for (let after: object | undefined; ; ) {
    const composite = { ...groups.composite, ...(after ? { after } : {}) };
    const { aggregations: answer } = await node.ask<{
      aggregations: { groups: { buckets: object[]; after_key?: object } };
    }>('POST', `/${index}/_search?request_cache=false`, {
      ...request,
      size: 0,
      track_total_hits: false,
      aggs: { groups: { ...groups, composite } },
    });
    count += answer.groups.buckets.length;
    after = answer.groups.after_key;
    if (after === undefined) return count;
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
