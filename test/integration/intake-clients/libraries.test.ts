import { Client as ElasticClient } from '@elastic/elasticsearch';
import { Client as OpenSearchClient } from '@opensearch-project/opensearch';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter as JsonExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtobufExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from '@opentelemetry/sdk-logs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type IntakeServer, startIntakeServer } from '../../../src/server/test-doubles/intake-server.ts';

const token = 'a-token-of-this-test';
const events = Array.from({ length: 500 }, (_, index) => ({ n: index, message: `event ${index} — ü` }));
const eventLines = events.map((event) => JSON.stringify(event));

let target: IntakeServer;

beforeEach(async () => {
  target = await startIntakeServer(token);
});

afterEach(() => target.server.stop(0));

describe('@elastic/elasticsearch', () => {
  const connect = (password = token) =>
    new ElasticClient({ node: target.url, auth: { username: 'any', password }, compression: true, maxRetries: 0 });

  it('ships with helpers.bulk', async () => {
    const summary = await connect().helpers.bulk({
      datasource: events,
      flushBytes: 4096,
      onDocument: () => ({ create: { _index: 'app' } }),
    });
    expect(summary).toMatchObject({ total: 500, successful: 500, failed: 0 });
    expect([...target.sink.lines].sort()).toEqual([...eventLines].sort());
    expect(target.sink.stored[0]?.context?.group).toBe('app');
  });

  it('is told which documents are refused, by the dead-letter callback', async () => {
    const dropped: unknown[] = [];
    const summary = await connect().helpers.bulk({
      datasource: [{ id: 1 }, { id: 2 }],
      onDocument: ({ id }) => (id === 1 ? { delete: { _index: 'app', _id: '1' } } : { index: { _index: 'app' } }),
      onDrop: ({ status, error }) => dropped.push([status, error?.type]),
    });
    expect(summary).toMatchObject({ successful: 1, failed: 1 });
    expect(dropped).toEqual([[400, 'illegal_argument_exception']]);
  });

  it('recognises the product, the cluster, and what is there already', async () => {
    const client = connect();
    expect((await client.info()).tagline).toBe('You Know, for Search');
    expect((await client.cluster.health()).status).toBe('green');
    expect((await client.license.get()).license.status).toBe('active');
    expect(await client.indices.existsIndexTemplate({ name: 'logs' })).toBe(true);
    expect(await client.indices.exists({ index: 'logs' })).toBe(true);
    expect(await client.indices.putIndexTemplate({ name: 'logs', index_patterns: ['logs-*'] })).toEqual({
      acknowledged: true,
    });
    expect((await client.indices.create({ index: 'logs' })).acknowledged).toBe(true);
    expect(await client.ingest.getPipeline({ id: 'a' })).toEqual({ a: { processors: [] } });
  });

  it('says that its password is wrong', async () => {
    const refused = connect('wrong').bulk({ operations: [{ index: { _index: 'app' } }, { a: 1 }] });
    await expect(refused).rejects.toMatchObject({ meta: { statusCode: 401 }, message: /security_exception/ });
    expect(target.sink.calls).toEqual([]);
  });
});

describe('@opensearch-project/opensearch', () => {
  it('ships with helpers.bulk', async () => {
    const client = new OpenSearchClient({ node: target.url, auth: { username: 'any', password: token } });
    const summary = await client.helpers.bulk({
      datasource: events,
      flushBytes: 4096,
      onDocument: () => ({ index: { _index: 'app' } }),
    });
    expect(summary).toMatchObject({ total: 500, successful: 500, failed: 0 });
    expect([...target.sink.lines].sort()).toEqual([...eventLines].sort());
    expect((await client.info()).body.version.number).toMatch(/^8\./);
  });
});

describe('OpenTelemetry’s exporters', () => {
  const options = () => ({ url: `${target.url}/v1/logs`, headers: { Authorization: `Bearer ${token}` } });

  it.each<[string, () => LogRecordExporter]>([
    ['protobuf', () => new ProtobufExporter(options())],
    ['protobuf and gzip', () => new ProtobufExporter({ ...options(), compression: 'gzip' as never })],
    ['JSON', () => new JsonExporter(options())],
    ['JSON and gzip', () => new JsonExporter({ ...options(), compression: 'gzip' as never })],
  ])('ship as %s', async (_name, create) => {
    const provider = new LoggerProvider({
      resource: resourceFromAttributes({ 'service.name': 'cart', 'host.name': 'h1', 'cloud.region': 'eu-west-1' }),
      processors: [new BatchLogRecordProcessor({ exporter: create() })],
    });
    const logger = provider.getLogger('checkout');
    const timestamp = new Date('2026-01-02T03:04:05.678Z');
    for (const { n, message } of events) {
      logger.emit({
        timestamp,
        severityNumber: SeverityNumber.WARN2,
        body: message,
        attributes: { n, ratio: 0.5, tags: ['a', 'b'], bytes: Uint8Array.of(1, 2) },
      });
    }
    logger.emit({ severityText: 'Information', body: { nested: { list: [1, 'two', null, true] } } });
    await provider.shutdown();
    const records = target.sink.lines.map((line) => JSON.parse(line));
    expect(records.slice(0, -1)).toEqual(
      events.map(({ n, message }) => ({
        time: '2026-01-02T03:04:05.678Z',
        level: 'WARN',
        logger: 'checkout',
        message,
        service: 'cart',
        host: 'h1',
        attributes: { 'cloud.region': 'eu-west-1', n, ratio: 0.5, tags: ['a', 'b'], bytes: 'AQI=' },
      })),
    );
    expect(records.at(-1)).toMatchObject({ level: 'INFO', message: { nested: { list: [1, 'two', null, true] } } });
    expect(target.server.intakeCounts.otlp).toMatchObject({ lines: 501, rejected: 0 });
  });
});
