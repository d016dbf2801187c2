import { describe, expect, test } from 'vitest';
import { parseConfig } from '../parse-config.ts';
import type { PipelineConfig } from './pipelines-section.ts';
import type { SourceConfig } from './sources/source-kinds.ts';

const formats = [{ name: 'cloudfront-realtime', fields: [{ name: 'timestamp' }] }, { name: 'lambda' }] as const;

function parse(text: string, environment: Record<string, string> = {}): readonly PipelineConfig[] {
  return parseConfig(text, { file: 'tailrace.yaml', baseDirectory: '/etc/tailrace', environment, formats }).pipelines;
}

function sourceOf(source: string): SourceConfig | undefined {
  return parse(`pipelines: { a: { source: { ${source} } } }`)[0]?.source;
}

test('what is left out of a pipeline and masked', () => {
  const rules = `include: ["GET "], exclude: [{ column: path, pattern: ^/health }], mask: { addresses: true, query: [token] }`;
  expect(parse(`pipelines: { a: { source: { type: stdin }, ${rules} } }`)).toMatchObject([
    {
      rules: {
        include: [{ pattern: 'GET ' }],
        exclude: [{ column: 'path', pattern: '^/health' }],
        mask: { addresses: true, query: ['token'] },
      },
    },
  ]);
  expect(parse('pipelines: { a: { source: { type: stdin } } }')[0]).not.toHaveProperty('rules');
});

test.each([
  ['exclude: ["a(b"]', /pipelines\.a\.exclude.*"a\(b"/s],
  ['exclude: ["(?=a)b"]', /pipelines\.a\.exclude/],
  ['mask: { query: [a b] }', /pipelines\.a\.mask\.query/],
  ['mask: { adresses: true }', /did you mean|write addresses|addresses/],
])('rules that are wrong are told: %s', (rules, told) => {
  expect(() => parse(`pipelines: { a: { source: { type: stdin }, ${rules} } }`)).toThrow(told);
});

test('the three pipelines that the issue promises', () => {
  const text = `
pipelines:
  edge:
    source: { type: kinesis, stream: edge-logs, region: us-east-1, startFrom: TRIM_HORIZON }
    format: { type: cloudfront-realtime, fields: [timestamp, c-ip, sc-status, sc-bytes, cs-method, cs-host, cs-uri-stem, x-edge-location, x-edge-request-id, time-taken, cs-user-agent, x-edge-response-result-type] }
  site:
    source: { type: s3, queue: "https://sqs.us-east-1.amazonaws.com/123456789012/log-objects", region: us-east-1 }
  app:
    source: { type: files, paths: ["/var/log/app/*.log"] }
`;
  const destinations = ['store'];
  expect(parse(text)).toEqual([
    {
      name: 'edge',
      source: {
        type: 'kinesis',
        stream: 'edge-logs',
        region: 'us-east-1',
        startFrom: 'TRIM_HORIZON',
        pollIntervalMs: 200,
      },
      format: {
        type: 'cloudfront-realtime',
        fields: [
          ...['timestamp', 'c-ip', 'sc-status', 'sc-bytes', 'cs-method', 'cs-host', 'cs-uri-stem', 'x-edge-location'],
          ...['x-edge-request-id', 'time-taken', 'cs-user-agent', 'x-edge-response-result-type'],
        ],
      },
      destinations,
    },
    {
      name: 'site',
      source: {
        type: 's3',
        queue: 'https://sqs.us-east-1.amazonaws.com/123456789012/log-objects',
        region: 'us-east-1',
      },
      destinations,
    },
    { name: 'app', source: { type: 'files', paths: ['/var/log/app/*.log'], startFrom: 'beginning' }, destinations },
  ]);
});

describe('a source', () => {
  test('kinesis, with all that it can have', () => {
    const arn = 'arn:aws:kinesis:eu-west-1:123456789012:stream/edge';
    const assumeRole = '{ roleArn: "arn:aws:iam::123456789012:role/r", externalId: x/1 }';
    const source = `type: kinesis, stream: "${arn}", startFrom: 2026-11-01T02:00:00+02:00, fanOut: { consumer: one },
      leases: { table: leases, region: eu-west-2, endpoint: "http://localhost:8000/" }, pollInterval: 0.5s,
      endpoint: "http://localhost:4567", assumeRole: ${assumeRole}`;
    expect(sourceOf(source)).toEqual({
      type: 'kinesis',
      stream: arn,
      region: 'eu-west-1',
      endpoint: 'http://localhost:4567',
      assumeRole: { roleArn: 'arn:aws:iam::123456789012:role/r', externalId: 'x/1' },
      startFrom: new Date('2026-11-01T00:00:00Z'),
      fanOut: { consumer: 'one' },
      leases: { table: 'leases', region: 'eu-west-2', endpoint: 'http://localhost:8000' },
      pollIntervalMs: 500,
    });
  });

  test('s3: a queue, whose address tells the region, or a bucket', () => {
    const queue = 'https://sqs.eu-west-1.amazonaws.com/123456789012/q';
    expect(sourceOf(`type: s3, queue: "${queue}", visibilityTimeout: 1.5m`)).toEqual({
      type: 's3',
      queue,
      region: 'eu-west-1',
      visibilityTimeoutSeconds: 90,
    });
    expect(sourceOf('type: s3, bucket: logs')).toEqual({ type: 's3', bucket: 'logs', prefix: '' });
    expect(sourceOf('type: s3, bucket: logs, prefix: cf/, interval: 1m')).toEqual({
      type: 's3',
      bucket: 'logs',
      prefix: 'cf/',
      intervalMs: 60_000,
    });
  });

  test('files, relative to the file, and stdin', () => {
    expect(sourceOf('type: files, paths: [logs/**/*.gz, ../x], startFrom: end')).toEqual({
      type: 'files',
      paths: ['/etc/tailrace/logs/**/*.gz', '/etc/x'],
      startFrom: 'end',
    });
    expect(sourceOf('type: stdin')).toEqual({ type: 'stdin' });
  });

  test('takes a time from a variable', () => {
    const text = 'pipelines: { a: { source: { type: kinesis, stream: x, startFrom: "$' + '{SINCE}" } } }';
    expect(parse(text, { SINCE: '2026-11-01' })[0]?.source).toMatchObject({ startFrom: new Date('2026-11-01') });
  });
});

test('what is written as destination and as format of an application', () => {
  for (const written of ['store', '[store]']) {
    expect(parse(`pipelines: { a: { source: { type: stdin }, destinations: ${written} } }`)[0]?.destinations).toEqual([
      'store',
    ]);
  }
  const [pipeline] = parse('pipelines: { a: { source: { type: stdin }, format: { type: lambda } } }');
  expect(pipeline?.format).toEqual({ type: 'lambda' });
});

describe('two pipelines', () => {
  const two = (a: string, b: string) => `pipelines: { a: { source: { ${a} } }, b: { source: { ${b} } } }`;
  const arn = (region: string, account = '123456789012') => `"arn:aws:kinesis:${region}:${account}:stream/x"`;

  test.each([
    ['type: s3, bucket: logs, prefix: a', 'type: s3, bucket: logs, prefix: b'],
    ['type: s3, bucket: logs', 'type: s3, bucket: logs, endpoint: "http://localhost:9000"'],
    [
      'type: s3, queue: "https://sqs.us-east-1.amazonaws.com/1/a"',
      'type: s3, queue: "https://sqs.us-east-1.amazonaws.com/1/b"',
    ],
    ['type: kinesis, stream: x, region: us-east-1', 'type: kinesis, stream: x, region: eu-west-1'],
    [`type: kinesis, stream: ${arn('us-east-1')}`, 'type: kinesis, stream: x, region: eu-west-1'],
    ['type: files, paths: ["/var/log/a/*.log"]', 'type: files, paths: ["/var/log/b/*.log", /srv/logs]'],
  ])('may read what is not the same: %s, %s', (a, b) => {
    expect(parse(two(a, b))).toHaveLength(2);
  });

  test.each([
    ['type: s3, bucket: logs', 'type: s3, bucket: logs, interval: 5m', 'objects of "s3://logs/"'],
    [
      'type: s3, bucket: logs, prefix: cf/2026',
      'type: s3, bucket: logs, prefix: cf/',
      'objects of "s3://logs/cf/2026"',
    ],
    [
      'type: s3, queue: "https://sqs.us-east-1.amazonaws.com/1/a"',
      'type: s3, queue: "https://us-east-1.queue.amazonaws.com/1/a/"',
      'the queue "https://sqs.us-east-1.amazonaws.com/1/a"',
    ],
    [`type: kinesis, stream: ${arn('us-east-1')}`, 'type: kinesis, stream: x, region: us-east-1', 'the stream x'],
    [`type: kinesis, stream: ${arn('us-east-1')}`, 'type: kinesis, stream: x', 'the stream x'],
    // The store could not tell their shards apart.
    [
      `type: kinesis, stream: ${arn('us-east-1')}`,
      `type: kinesis, stream: ${arn('us-east-1', '111111111111')}`,
      'the stream x',
    ],
    ['type: stdin', 'type: stdin', 'standard input'],
    ['type: files, paths: [/var/log]', 'type: files, paths: ["/srv/*", /var/log]', 'files of "/var/log"'],
    [
      'type: files, paths: ["/var/log/app/*.log"]',
      'type: files, paths: ["/var/log/**/error.log"]',
      'files that both "/var/log/app/*.log" and "/var/log/**/error.log" lead to',
    ],
  ])('may not read the same: %s, %s', (a, b, shared) => {
    expect(() => parse(two(a, b))).toThrow(
      `cannot use pipelines.b.source: pipeline a reads ${shared} too; let one of the two read it`,
    );
  });
});

test('the name of what comes in over HTTP is taken', () => {
  expect(() => parse('pipelines: { http: { source: { type: stdin } } }')).toThrow(
    'cannot use pipelines.http: what comes in over HTTP has this name; rename it, for example to http-logs',
  );
});
