import { randomBytes } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Cluster } from '../../src/destinations/opensearch/cluster.ts';
import { probeCluster } from '../../src/destinations/opensearch/cluster-version.ts';
import { ilmPolicy, ismPolicy } from '../../src/destinations/opensearch/lifecycle-policy.ts';
import { deleteIndexes, planIndexes } from '../../src/destinations/opensearch/old-indexes.ts';

const nodes = [
  ['OpenSearch', 'TAILRACE_TEST_OPENSEARCH_URL'],
  ['Elasticsearch', 'TAILRACE_TEST_ELASTICSEARCH_URL'],
] as const;

const signal = AbortSignal.timeout(300_000);

for (const [flavour, variable] of nodes) {
  const url = process.env[variable];
  if (!url) console.warn(`skipped: old indexes of a node of ${flavour}, because ${variable} is not set`);

  describe.skipIf(!url)(flavour, () => {
    const cluster = new Cluster({ url: url ?? '', compression: 'none' });
    const ask = (method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: object) =>
      cluster.ask(method, path, signal, body && { type: 'application/json', bytes: Buffer.from(JSON.stringify(body)) });

    test('only indexes of its own prefix and rotation are deleted', async () => {
      const index = `tide-${randomBytes(5).toString('hex')}`;
      const own = ['2024-01-01', '2024-01-02', '2024-01-03'].map((day) => `${index}-${day}`);
      const others = [
        `${index}-archive-2024-01-01`,
        `${index}-2024-01-01-archive`,
        `${index}-2024-01`,
        `${index}-2024-01-01-05`,
        index,
      ];
      onTestFinished(async () => {
        for (const name of [...own, ...others]) await ask('DELETE', `/${name}`);
      });
      const small = { settings: { number_of_shards: 1, number_of_replicas: 0 } };
      for (const name of [...own, ...others]) expect((await ask('PUT', `/${name}`, small)).status).toBe(200);
      // An alias with the name of an index of this destination.
      const add = { index, alias: `${index}-2023-12-31` };
      expect((await ask('POST', '/_aliases', { actions: [{ add }] })).status).toBe(200);
      const names = { index, rotation: 'day' } as const;
      const plan = await planIndexes(cluster, names, { indices: 1 }, signal);
      expect(plan.expiring.map(({ name }) => name)).toEqual(own.slice(0, 2));
      expect(plan.kept.map(({ name }) => name)).toEqual(own.slice(2));
      await ask('DELETE', `/${own[0]}`);
      expect(await deleteIndexes(cluster, plan.expiring, signal)).toEqual([plan.expiring[1]]);
      const left = await ask('GET', `/_cat/indices/${index}*?format=json&h=index`);
      expect((left.body as { index: string }[]).map((entry) => entry.index).sort()).toEqual([own[2], ...others].sort());
    });

    test.each(['day', 'stream'] as const)('it takes the policy for rotation %s', async (rotation) => {
      const index = `tide-${randomBytes(5).toString('hex')}`;
      const names = { index, rotation, fields: 'native', tables: ['requests'] } as const;
      const requests =
        flavour === 'OpenSearch' ? ismPolicy(names, 30) : ilmPolicy(names, await probeCluster(cluster, signal), 30);
      const [policy, ...more] = requests;
      const made = await ask('PUT', `/${policy?.to.replace('PUT ', '')}`, policy?.body);
      if (made.status === 400 && (made.text.includes('no handler found') || made.text.includes('[_ilm]'))) {
        console.warn(`skipped: the policy of ${flavour}, because this node lacks the management of indexes`);
        return;
      }
      expect(made).toMatchObject({ status: 200 });
      onTestFinished(async () => {
        await ask('DELETE', `/_data_stream/${index}`);
        await ask('DELETE', `/${index}-2024-01-01`);
        await ask('DELETE', `/_index_template/tailrace-${index}`);
        await ask('DELETE', `/${policy?.to.replace('PUT ', '')}`);
      });
      if (flavour === 'OpenSearch') return;
      const [template, settings] = more;
      expect(await ask('PUT', `/${template?.to.replace('PUT ', '')}`, template?.body)).toMatchObject({ status: 200 });
      const path = rotation === 'stream' ? `/_data_stream/${index}` : `/${index}-2024-01-01`;
      expect(await ask('PUT', path)).toMatchObject({ status: 200 });
      expect(await ask('PUT', `/${settings?.to.replace('PUT ', '')}`, settings?.body)).toMatchObject({ status: 200 });
      const explained = await ask('GET', `/${rotation === 'stream' ? index : `${index}-2024-01-01`}/_ilm/explain`);
      const { indices } = explained.body as { indices: Record<string, { policy: string }> };
      expect(Object.values(indices)).toMatchObject([{ managed: true, policy: `tailrace-${index}` }]);
    });
  });
}
