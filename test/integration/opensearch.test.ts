import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { templateVersion } from '../../src/destinations/opensearch/index-template.ts';
import {
  createOpensearchDestination,
  type OpensearchOptions,
} from '../../src/destinations/opensearch/opensearch-destination.ts';
import { Destinations } from '../../src/destinations/run-destinations.ts';
import { ScratchStore } from '../../src/pipeline/test-doubles/scratch-store.ts';

const nodes = [
  ['OpenSearch', 'TAILRACE_TEST_OPENSEARCH_URL'],
  ['Elasticsearch', 'TAILRACE_TEST_ELASTICSEARCH_URL'],
] as const;

const header =
  '#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status time-taken\n';
const request = (day: number, hour: number, ip: string, path: string, status = 200) =>
  `2026-03-0${day}\t${String(hour).padStart(2, '0')}:00:07\tFRA56-P4\t512\t${ip}\tGET\td1.cloudfront.net\t${path}\t${status}\t0.25\n`;
const event = (level: string, msg: string, more = {}) =>
  `${JSON.stringify({ level, time: Date.UTC(2026, 2, 2, 5), msg, ...more })}\n`;

let scratch: ScratchStore;

beforeAll(async () => {
  scratch = await ScratchStore.open();
  const sink = scratch.openSink();
  const texts = [
    header + request(1, 3, '203.0.113.7', '/a') + request(1, 4, '203.0.113.8', '/b', 404),
    `${header}${request(2, 3, '198.51.100.1', '/a')}${request(2, 23, '2001:db8::1', `/${'x'.repeat(40_000)}`)}not a request\n`,
    event('info', 'the tide is high', { depth: 'x'.repeat(40_000), user: { name: 'ann' } }) +
      event('error', 'a boat sank'),
  ];
  for (const [index, text] of texts.entries()) {
    const content = { kind: 'lines' as const, chunks: [Buffer.from(text)] };
    await sink.store([{ origin: `s3://logs/${index}`, version: '1', content }]);
  }
});

afterAll(() => scratch?.close());

for (const [flavour, variable] of nodes) {
  const url = process.env[variable];
  if (!url) console.warn(`skipped: delivery to a node of ${flavour}, because ${variable} is not set`);

  describe.skipIf(!url)(flavour, () => {
    const index = `tide-${randomBytes(5).toString('hex')}`;
    let number = 0;

    async function ask<T>(method: string, path: string, body?: object): Promise<T> {
      const response = await fetch(`${url}${path}`, {
        method,
        ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
      });
      return (await response.json()) as T;
    }

    function options(more: Partial<OpensearchOptions> = {}): OpensearchOptions {
      return {
        ...{
          url: url ?? '',
          index,
          rotation: 'day',
          fields: 'native',
          tables: ['requests', 'logs', 'rejects'],
          compression: 'gzip',
        },
        ...{ bufferSize: 1e6, bufferInterval: 0, requestSize: 1e6, ...more },
      };
    }

    function start(more: Partial<OpensearchOptions> = {}, events: string[] = []) {
      const name = `search-${flavour}-${++number}`;
      const create = () => createOpensearchDestination(options(more));
      return new Destinations(
        {
          engine: scratch.store.engine,
          spoolDirectory: scratch.spoolDirectory,
          onEvent: (_, text) => events.push(text),
        },
        [{ name, type: 'opensearch', from: 'beginning', pipelines: undefined, mask: {}, create }],
      );
    }

    async function deliver(more: Partial<OpensearchOptions> = {}): Promise<void> {
      const destinations = start(more);
      await expect
        .poll(() => destinations.status()[0])
        .toMatchObject({ state: 'running', counts: { waiting: 0, dead: 0 } });
      await destinations.stop();
    }

    const search = (body: object) =>
      ask<{
        hits: { total: { value: number }; hits: { _source: object }[] };
        aggregations: Record<string, { buckets: object[] }>;
      }>('POST', `/${index}-*/_search`, { track_total_hits: true, ...body });
    const found = async (query: object) => (await search({ query, size: 0 })).hits.total.value;

    afterAll(async () => {
      await ask('DELETE', `/${index}*`);
      await ask('DELETE', `/_index_template/tailrace-${index}*`);
    });

    test('each index has as many documents as the store has events of its day, also when all is repeated', async () => {
      await deliver();
      await deliver();
      await ask('POST', `/${index}-*/_refresh`);
      const counts = await ask<{ index: string; 'docs.count': string }[]>(
        'GET',
        `/_cat/indices/${index}-*?format=json`,
      );
      const stored = await scratch.store.engine.rows<{ day: string; count: number }>({
        sql: `SELECT toString(day) AS day, count() AS count FROM (
                SELECT toDate(time) AS day FROM requests UNION ALL SELECT toDate(time) FROM logs UNION ALL SELECT toDate(at) FROM rejects
              ) GROUP BY day`,
      });
      expect(Object.fromEntries(counts.map((found) => [found.index, Number(found['docs.count'])]))).toEqual(
        Object.fromEntries(stored.map(({ day, count }) => [`${index}-${day}`, Number(count)])),
      );
    });

    test('fields are what they mean: ranges of addresses, histograms of dates, terms, words, places', async () => {
      expect(await found({ term: { client_ip: '203.0.113.0/24' } })).toBe(2);
      expect(await found({ term: { client_ip: '2001:db8::/32' } })).toBe(1);
      expect(await found({ range: { bytes_sent: { gte: 512 } } })).toBe(4);
      expect(await found({ match: { message: 'tide' } })).toBe(1);
      expect(await found({ term: { level: 'ERROR' } })).toBe(1);
      const within = { distance: '50km', edge_place: { lat: 50.03, lon: 8.55 } };
      expect(await found({ geo_distance: within })).toBe(4);
      const { aggregations } = await search({
        size: 0,
        query: { exists: { field: 'status' } },
        aggs: {
          days: { date_histogram: { field: 'time', fixed_interval: '1d' } },
          statuses: { terms: { field: 'status' } },
          paths: { terms: { field: 'path' } },
        },
      });
      expect(aggregations.days?.buckets).toMatchObject([{ doc_count: 2 }, { doc_count: 2 }]);
      expect(aggregations.statuses?.buckets).toMatchObject([
        { key: 200, doc_count: 3 },
        { key: 404, doc_count: 1 },
      ]);
      expect(aggregations.paths?.buckets).toMatchObject([
        { key: '/a', doc_count: 2 },
        { key: '/b', doc_count: 1 },
      ]);
    });

    test('what is too long for an index is kept', async () => {
      const { hits } = await search({ query: { match: { message: 'tide' } } });
      const [{ _source }] = hits.hits as [{ _source: Record<string, unknown> }];
      expect(_source.attributes).toEqual({ user: '{"name":"ann"}' });
      expect(JSON.parse(String(_source.attributes_long))).toEqual({ depth: 'x'.repeat(40_000) });
    });

    test.each([
      ['ecs', '@timestamp', 'source.ip', 'http.response.status_code', 'event.duration', 250_000_000],
      ['cloudfront', 'timestamp', 'c-ip', 'sc-status', 'time-taken', 0.25],
    ] as const)(
      'fields have their types under other names too: %s',
      async (fields, time, address, status, duration, each) => {
        const named = `${index}${fields}`;
        await deliver({ index: named, fields });
        await ask('POST', `/${named}-*/_refresh`);
        const { hits, aggregations } = await ask<{
          hits: { hits: { _source: object }[] };
          aggregations: Record<string, { buckets: object[]; value: number }>;
        }>('POST', `/${named}-*/_search`, {
          size: 100,
          aggs: {
            days: { date_histogram: { field: time, fixed_interval: '1d', min_doc_count: 1 } },
            addresses: { ip_range: { field: address, ranges: [{ mask: '203.0.113.0/24' }] } },
            statuses: { terms: { field: status } },
            taken: { sum: { field: duration } },
          },
        });
        expect(aggregations.days?.buckets).toMatchObject([
          { key_as_string: expect.stringMatching(/^2026-03-01|^1772323200/), doc_count: 2 },
          { doc_count: 4 },
          { doc_count: 1 },
        ]);
        expect(aggregations.addresses?.buckets).toMatchObject([{ doc_count: 2 }]);
        expect(aggregations.statuses?.buckets).toMatchObject([
          { key: 200, doc_count: 3 },
          { key: 404, doc_count: 1 },
        ]);
        expect(aggregations.taken?.value).toBe(4 * each);
        const { fields: mapped } = await ask<{ fields: object }>('GET', `/${named}-*/_field_caps?fields=*`);
        const delivered = new Set(hits.hits.flatMap(({ _source }) => Object.keys(_source)));
        expect(hits.hits).toHaveLength(7);
        expect([...delivered].filter((name) => !(name in mapped) && !/attributes|extra|_long$/.test(name))).toEqual([]);
      },
    );

    test('a template of somebody else is left alone, an older one of ours is replaced', async () => {
      const other = `${index}x`;
      const path = `/_index_template/tailrace-${other}`;
      const versionOf = async () => {
        const {
          index_templates: [template],
        } = await ask<{ index_templates: [{ index_template: { version: number } }] }>('GET', path);
        return template.index_template.version;
      };
      const open = async () => {
        const destination = createOpensearchDestination(options({ index: other }));
        const told: string[] = [];
        await destination.open(new AbortController().signal, (text) => told.push(text));
        await destination.close();
        expect(told).toEqual([]);
      };
      await ask('PUT', path, { index_patterns: [`${other}-9*`], version: 0 });
      await open();
      expect(await versionOf()).toBe(0);
      await ask('PUT', path, { index_patterns: [`${other}-9*`], version: 0, _meta: { managed_by: 'tailrace' } });
      await open();
      expect(await versionOf()).toBe(templateVersion);
    });

    test('a read-only index holds delivery up, with a remedy, until it takes documents again', async () => {
      const blocked = `${index}-blocked`;
      await ask('PUT', `/${blocked}`, {});
      await ask('PUT', `/${blocked}/_settings`, { 'index.blocks.write': true });
      const events: string[] = [];
      const destinations = start({ index: blocked, rotation: 'none' }, events);
      await expect
        .poll(() => destinations.status()[0])
        .toMatchObject({
          state: 'retrying',
          problem: expect.stringMatching(/an index is read-only .*; remove the block/),
        });
      await ask('PUT', `/${blocked}/_settings`, { 'index.blocks.write': null });
      await expect
        .poll(() => destinations.status()[0])
        .toMatchObject({ state: 'running', counts: { waiting: 0, dead: 0 } });
      await destinations.stop();
      expect(events).toHaveLength(1);
      await ask('POST', `/${blocked}/_refresh`);
      expect(await ask('GET', `/${blocked}/_count`)).toMatchObject({ count: 7 });
    });

    const dataStreams = {
      OpenSearch: ['a data stream has each document once, until it begins its next index', deliverToStream],
      // This distribution of Elasticsearch has none.
      Elasticsearch: ['a node without data streams is said to have none', refuseStream],
    } as const;
    const [said, tried] = dataStreams[flavour];
    test(said, tried);

    async function refuseStream(): Promise<void> {
      const destinations = start({ index: `${index}stream`, rotation: 'stream' });
      await expect
        .poll(() => destinations.status()[0])
        .toMatchObject({
          state: 'retrying',
          counts: { dead: 0 },
          problem: expect.stringMatching(/it has no data streams; set rotation/),
        });
      await destinations.stop();
    }

    async function deliverToStream(): Promise<void> {
      const stream = `${index}stream`;
      const options = { index: stream, rotation: 'stream' } as const;
      const count = async () => {
        await ask('POST', `/${stream}/_refresh`);
        return (await ask<{ count: number }>('GET', `/${stream}/_count`)).count;
      };
      await deliver(options);
      await deliver(options);
      expect(await ask('GET', `/_data_stream/${stream}`)).toMatchObject({
        data_streams: [{ timestamp_field: { name: '@timestamp' }, template: `tailrace-${stream}` }],
      });
      expect(await count()).toBe(7);
      await ask('POST', `/${stream}/_rollover`);
      await deliver(options);
      // The limit that the documentation states: ids are known within the newest index only.
      expect(await count()).toBe(14);
      await ask('DELETE', `/_data_stream/${stream}`);
    }

    test('an index of the past that is read-only holds only its own batch up, until it takes documents again', async () => {
      const named = `${index}past`;
      const past = `${named}-2026-03-01`;
      await ask('PUT', `/${past}`, {});
      await ask('PUT', `/${past}/_settings`, { 'index.blocks.write': true });
      const events: string[] = [];
      const destinations = start({ index: named }, events);
      await expect
        .poll(() => destinations.status()[0])
        .toMatchObject({
          problem: expect.stringMatching(
            /2 documents are refused, .* cluster_block_exception .*; open the index for writing/,
          ),
          counts: { batches: 2, waiting: 1, dead: 0 },
        });
      await ask('PUT', `/${past}/_settings`, { 'index.blocks.write': null });
      await expect
        .poll(() => destinations.status()[0], { timeout: 60_000 })
        .toMatchObject({ counts: { batches: 3, waiting: 0, dead: 0 } });
      await destinations.stop();
      expect(events).toEqual([]);
      await ask('POST', `/${named}-*/_refresh`);
      expect(await ask('GET', `/${named}-*/_count`)).toMatchObject({ count: 7 });
    });

    test('a document that does not fit makes its batch unfit; the others are delivered', async () => {
      const strict = `${index}-strict`;
      await ask('PUT', `/${strict}`, { mappings: { properties: { message: { type: 'long' } } } });
      const destinations = start({ index: strict, rotation: 'none' });
      await expect
        .poll(() => destinations.status()[0])
        .toMatchObject({
          counts: { batches: 2, waiting: 1 },
          problem: expect.stringContaining('2 documents are refused'),
        });
      await destinations.stop();
    });
  });
}
