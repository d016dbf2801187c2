import { afterAll, beforeAll, expect, test } from 'vitest';
import { readObjectName } from '../formats/object-name.ts';
import type { StoreSink } from './open-sink.ts';
import { header, lines, ScratchStore } from './test-doubles/scratch-store.ts';

let scratch: ScratchStore;
let sink: StoreSink;

beforeAll(async () => {
  scratch = await ScratchStore.open();
  sink = scratch.openSink();
});

afterAll(() => scratch?.close());

test.each([
  ['E2EXAMPLE1DEMO.2026-03-01-10.0a1b2c3d.gz', '', ''],
  ['p/AWSLogs/123456789012/CloudFront/E2EXAMPLE1DEMO.2026-03-01-10.0a1b2c3d.gz', '123456789012', ''],
  [
    'p/AWSLogs/123456789012/elasticloadbalancing/eu-west-1/2026/03/01/123456789012_elasticloadbalancing_eu-west-1_app.web.0123_20260301T0000Z_192.0.2.1_abc.log.gz',
    '123456789012',
    'eu-west-1',
  ],
  [
    'conn_log_123456789012_elasticloadbalancing_us-gov-west-1_app.web.0123_20260301T0000Z_192.0.2.1_abc.log.gz',
    '123456789012',
    'us-gov-west-1',
  ],
  [
    'conn_log.123456789012_elasticloadbalancing_us-east-2_app.web.0123_20260301T0000Z_192.0.2.1_abc.log.gz',
    '123456789012',
    'us-east-2',
  ],
  [
    'AWSLogs/o-abc123/123456789012/CloudTrail/us-east-1/2026/03/01/123456789012_CloudTrail_us-east-1_20260301T0000Z_abc.json.gz',
    '123456789012',
    'us-east-1',
  ],
  [
    'AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=eu-north-1/year=2026/a.log.gz',
    '123456789012',
    'eu-north-1',
  ],
  ['123456789012_waflogs_us-east-1_acl_20260301T0000Z_abc.log.gz', '123456789012', 'us-east-1'],
  ['access.log', '', ''],
])('%s is of account "%s" in "%s"', (key, account, region) => {
  expect(readObjectName(`s3://b/${key}`)).toMatchObject({ account, region });
});

test('rows of objects say where these are; those of files do not', async () => {
  const key = 'p/AWSLogs/123456789012/CloudFront/E2EXAMPLE1DEMO.2026-03-01-10.0a1b2c3d.gz';
  const path = scratch.file('spooled', header + lines(2, 'place'));
  const log = scratch.file('text', '2026-03-01T12:00:00Z INFO hello\n');
  const file = (of: string) => ({ kind: 'file', path: of }) as const;
  await sink.store([
    {
      origin: `s3://logs/${key}`,
      version: '1',
      content: file(path),
      context: { filename: 'E2EXAMPLE1DEMO.2026-03-01-10.0a1b2c3d.gz' },
    },
    { origin: 's3://apps/a.log', version: '1', content: file(log), context: { filename: 'a.log' } },
    { origin: '/var/log/b.log', version: '1', content: file(log), context: { filename: 'b.log' } },
  ]);
  const of = (table: string) =>
    scratch.store.engine.rows({ sql: `SELECT DISTINCT bucket, key, account, region FROM ${table} ORDER BY bucket` });
  expect(await of('requests')).toEqual([{ bucket: 'logs', key, account: '123456789012', region: '' }]);
  expect(await of('logs')).toEqual([
    { bucket: '', key: '', account: '', region: '' },
    { bucket: 'apps', key: 'a.log', account: '', region: '' },
  ]);
});
