import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { iamCommand } from './iam.ts';

interface Policy {
  readonly Statement: readonly { readonly Action: readonly string[]; readonly Resource: readonly string[] }[];
}

/** @returns statements as `actions on resources`, by whose they are */
async function run(yaml: string): Promise<Record<string, string[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'tailrace-iam-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const config = join(folder, 'tailrace.yaml');
  writeFileSync(config, yaml);
  const output = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await iamCommand.run({ positionals: [], values: { config, json: true } });
    const policies: Record<string, Policy> = JSON.parse(output.mock.calls.map(([text]) => text).join(''));
    return Object.fromEntries(
      Object.entries(policies).map(([identity, { Statement }]) => [
        identity,
        Statement.map(({ Action, Resource }) => `${Action.join(' ')} on ${Resource.join(' ')}`),
      ]),
    );
  } finally {
    output.mockRestore();
  }
}

const own = "the program's own identity";
const role = 'arn:aws:iam::210987654321:role/log-reader';

/** All that the program does on AWS. */
const everything = `pipelines:
  edge:
    source: { type: kinesis, stream: edge-logs, region: us-east-1, fanOut: { consumer: tailrace }, leases: { table: leases } }
    format: { type: cloudfront-realtime, from: "arn:aws:cloudfront::123456789012:realtime-log-config/edge" }
  objects: { source: { type: s3, queue: "https://sqs.eu-west-1.amazonaws.com/123456789012/log-objects", assumeRole: { roleArn: "${role}" } } }
  listed: { source: { type: s3, bucket: my-logs, prefix: edge/, region: cn-north-1 } }
destinations:
  rows: { type: kinesis, stream: "arn:aws:kinesis:us-east-1:123456789012:stream/rows", backup: { type: s3, bucket: kept, prefix: refused/, region: us-east-1 } }
  more: { type: firehose, stream: edge-rows, region: us-east-1, backup: { type: s3, bucket: kept, prefix: refused/, region: us-east-1 } }
  archive: { type: archive, to: { type: s3, bucket: old, region: us-east-1, kmsKey: 1234abcd }, prefix: "logs/{yyyy}/" }
  search: { type: opensearch, url: "https://search-edge-abc123.eu-west-1.es.amazonaws.com", index: edge, aws: { service: es } }
  serverless: { type: opensearch, url: "https://abc123.eu-west-1.aoss.amazonaws.com", index: edge, aws: { service: aoss } }
`;

test('each identity gets what the configuration needs, and nothing more', async () => {
  expect(await run(everything)).toEqual({
    [own]: [
      'kinesis:DescribeStreamSummary kinesis:ListShards kinesis:GetShardIterator kinesis:GetRecords kinesis:RegisterStreamConsumer kinesis:DescribeStreamConsumer kinesis:SubscribeToShard on arn:aws:kinesis:us-east-1:ACCOUNT:stream/edge-logs arn:aws:kinesis:us-east-1:ACCOUNT:stream/edge-logs/consumer/tailrace:*',
      'dynamodb:DescribeTable dynamodb:CreateTable dynamodb:Scan dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem on arn:aws:dynamodb:us-east-1:ACCOUNT:table/leases',
      'cloudfront:GetRealtimeLogConfig on arn:aws:cloudfront::123456789012:realtime-log-config/edge',
      `sts:AssumeRole on ${role}`,
      's3:GetObject s3:GetObjectVersion on arn:aws-cn:s3:::my-logs/edge/*',
      's3:ListBucket on arn:aws-cn:s3:::my-logs',
      'kinesis:DescribeStreamSummary kinesis:PutRecords on arn:aws:kinesis:us-east-1:123456789012:stream/rows',
      's3:PutObject s3:DeleteObject on arn:aws:s3:::kept/refused/*',
      'firehose:DescribeDeliveryStream firehose:PutRecordBatch on arn:aws:firehose:us-east-1:ACCOUNT:deliverystream/edge-rows',
      's3:PutObject on arn:aws:s3:::old/logs/*',
      'kms:GenerateDataKey on arn:aws:kms:us-east-1:ACCOUNT:key/1234abcd',
      'es:ESHttpGet es:ESHttpPost es:ESHttpPut on arn:aws:es:eu-west-1:ACCOUNT:domain/edge/*',
      'aoss:APIAccessAll on arn:aws:aoss:eu-west-1:ACCOUNT:collection/abc123',
    ],
    [role]: [
      'sqs:ReceiveMessage sqs:DeleteMessage sqs:ChangeMessageVisibility sqs:GetQueueAttributes on arn:aws:sqs:eu-west-1:123456789012:log-objects',
      's3:GetObject s3:GetObjectVersion on arn:aws:s3:::BUCKET/*',
      's3:ListBucket on arn:aws:s3:::BUCKET',
    ],
  });
});

test('a configuration without AWS has no policy', async () => {
  await expect(run('pipelines: { app: { source: { type: stdin } } }\n')).rejects.toThrow('uses no service of AWS');
});

/** Where the permission is not named like the operation. https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
const permissions: Readonly<Record<string, string>> = {
  ListObjectsV2: 's3:ListBucket',
  DeleteObjects: 's3:DeleteObject',
  ChangeMessageVisibilityBatch: 'sqs:ChangeMessageVisibility',
};
const services = ['cloudfront', 'dynamodb', 'firehose', 'kinesis', 's3', 'sqs'];

test('every operation that the program sends is permitted', async () => {
  const permitted = Object.values(await run(everything)).flatMap((statements) =>
    statements.flatMap((statement) => statement.split(' on ')[0]?.split(' ') ?? []),
  );
  const sent = ['sources', 'destinations'].flatMap((folder) => {
    const root = join(import.meta.dirname, '..', folder);
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
    const code = files.filter((name) => name.endsWith('.ts') && !/\.test\.ts$|test-doubles/.test(name));
    return code.flatMap((name) =>
      Array.from(
        readFileSync(join(root, name), 'utf8').matchAll(/\bnew (?:\w+\.)?(\w+)Command\(/g),
        ([, operation]) => operation ?? '',
      ),
    );
  });
  expect(new Set(sent).size).toBeGreaterThan(20);
  const candidates = (operation: string) => [permissions[operation], ...services.map((name) => `${name}:${operation}`)];
  expect(
    [...new Set(sent)].filter((operation) => !candidates(operation).some((name) => permitted.includes(name ?? ''))),
  ).toEqual([]);
});
