import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { json } from 'node:stream/consumers';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { CreateQueueCommand, DeleteQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createBackup } from '../../src/destinations/backup/create-backup.ts';
import type { Delivered, Shipment } from '../../src/destinations/destination.ts';
import { createModuleDestination, type ModuleOptions } from '../../src/destinations/module/module-destination.ts';
import { undivided } from '../../src/destinations/test-doubles/undivided.ts';
import { makeScratchFolder } from '../process/scratch-folder.ts';

const root = resolve(import.meta.dirname, '../..');
const examples = join(root, 'examples/modules');
const sqsUrl = process.env.TAILRACE_TEST_SQS_URL;
const kinesisUrl = process.env.TAILRACE_TEST_KINESIS_URL;
if (!sqsUrl) console.warn('skipped: the SQS example, because TAILRACE_TEST_SQS_URL is not set');
if (!kinesisUrl) console.warn('skipped: the Kinesis example, because TAILRACE_TEST_KINESIS_URL is not set');

const rows = Array.from({ length: 25 }, (_, n) => ({
  batch: '7',
  object: 1,
  line_number: n + 1,
  message: `line ${n}`,
}));
const lines = (some: readonly object[]) => some.map((row) => JSON.stringify(row)).sort();
const { signal } = new AbortController();

const batch = { batch: '7', requests: 0, logs: 25, rejects: 0, closedAtMs: 0, firstTime: null, lastTime: null };
const shipment: Shipment = {
  batches: [batch],
  read: async function* () {
    yield Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  },
  divide: undivided,
};

async function deliver(name: string, options: Partial<ModuleOptions>): Promise<readonly Delivered[]> {
  const destination = createModuleDestination({
    ...{ path: join(examples, name), tables: ['logs'], batchRows: 10, maxBytes: 256_000, timeoutMs: 60_000 },
    ...{ attempts: 1, maxMemory: 512e6, env: [], options: {} },
    ...options,
  });
  try {
    expect(await destination.check(signal)).toEqual([]);
    await destination.open(signal, () => {});
    return (await destination.ship(shipment, signal)) as readonly Delivered[];
  } finally {
    await destination.close();
  }
}

/** For the example and for the test. */
function useServer(url: string | undefined): { readonly endpoint: string; readonly region: string } {
  const server = { endpoint: url ?? '', region: 'us-east-1' };
  const variables = { AWS_ENDPOINT_URL: server.endpoint, AWS_REGION: server.region };
  const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  for (const [name, value] of Object.entries({ ...variables, ...credentials })) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  return server;
}

test('the examples, and that of the documentation, have the right types; wrong ones are found', () => {
  const document = readFileSync(join(root, 'docs/destinations.md'), 'utf8');
  const written = [...document.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code);
  expect(written.length).toBeGreaterThan(0);
  // Within the package, so that `tailrace/module` is found.
  const folder = join(root, 'test/integration', `examples-${randomUUID()}`);
  makeFolder(folder);
  const wrong = {
    column: 'write({ table, rows }) { if (table === "logs") rows[0]?.mesage; }',
    answer: 'write: () => fetch("http://example.com")',
    failed: 'write: () => ({ failed: [{ reason: "no index" }] })',
    options: 'open({ options }) { options.folder.trim(); }, write() {}',
  };
  const moduleOf = (code: string) =>
    `import type { ModuleDestination } from 'tailrace/module';\nexport default { ${code} } satisfies ModuleDestination;\n`;
  const right = [
    'write() {}',
    'async write() {}',
    'write: async ({ rows }) => (rows.length > 1 ? { failed: [] } : undefined)',
    'write: ({ rows }) => ({ failed: rows.map((_, index) => ({ index, reason: "no", retry: true })) })',
    'open: () => fetch("http://example.com"), write() {}, close() {}',
  ];
  for (const [index, code] of written.entries()) writeFileSync(join(folder, `document-${index}.ts`), code);
  for (const [index, code] of right.entries()) writeFileSync(join(folder, `right-${index}.ts`), moduleOf(code));
  for (const [name, code] of Object.entries(wrong)) writeFileSync(join(folder, `wrong-${name}.ts`), moduleOf(code));
  const files = [examples, folder].flatMap((place) => readdirSync(place).map((name) => join(place, name)));
  const flags = '--ignoreConfig --noEmit --strict --target es2023 --module nodenext --erasableSyntaxOnly --types node';
  const { stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), [...flags.split(' '), '--skipLibCheck', ...files], {
    cwd: root,
    encoding: 'utf8',
  });
  const faulty = new Set([...stdout.matchAll(/^\S*?([^/\s]+)\(\d+,\d+\): error/gm)].map(([, name]) => name));
  expect([...faulty].sort(), stdout).toEqual(
    Object.keys(wrong)
      .map((name) => `wrong-${name}.ts`)
      .sort(),
  );
});

function makeFolder(path: string): void {
  mkdirSync(path);
  onTestFinished(() => rmSync(path, { recursive: true }));
}

test.skipIf(!sqsUrl)('the SQS example sends each row as a message', async () => {
  const client = new SQSClient(useServer(sqsUrl));
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: `rows-${randomUUID()}` }));
  vi.stubEnv('QUEUE_URL', QueueUrl);
  expect(await deliver('sqs.ts', { env: ['QUEUE_URL', 'AWS_*'] })).toMatchObject([{ rows: 25, refused: 0 }]);
  const received: string[] = [];
  while (received.length < 25) {
    const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    received.push(...Messages.map(({ Body = '' }) => Body));
    if (Messages.length === 0) break;
  }
  expect(received.sort()).toEqual(lines(rows));
  await client.send(new DeleteQueueCommand({ QueueUrl }));
});

test.skipIf(!kinesisUrl)('the Kinesis example sends each row as a record', async () => {
  const client = new KinesisClient(useServer(kinesisUrl));
  const StreamName = `rows-${randomUUID()}`;
  await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  await waitUntilStreamExists({ client, maxWaitTime: 60, minDelay: 1 }, { StreamName });
  vi.stubEnv('STREAM', StreamName);
  expect(await deliver('kinesis.ts', { env: ['STREAM', 'AWS_*'] })).toMatchObject([{ rows: 25, refused: 0 }]);
  const start = { StreamName, ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' } as const;
  let { ShardIterator } = await client.send(new GetShardIteratorCommand(start));
  const received: string[] = [];
  for (let reads = 0; received.length < 25 && reads < 10; reads++) {
    const { Records = [], NextShardIterator } = await client.send(new GetRecordsCommand({ ShardIterator }));
    received.push(
      ...Records.map(({ Data }) =>
        Buffer.from(Data ?? [])
          .toString()
          .trimEnd(),
      ),
    );
    ShardIterator = NextShardIterator;
  }
  expect(received.sort()).toEqual(lines(rows));
  await client.send(new DeleteStreamCommand({ StreamName }));
});

/** As its reference has it: https://docs.cloud.google.com/bigquery/docs/reference/rest/v2/tabledata/insertAll */
test('the BigQuery example inserts each row with an id, and tells which are not taken', async () => {
  const inserted = new Map<string, object>();
  const paths = new Set<string | undefined>();
  const server = createServer(async (request, response) => {
    paths.add(request.url);
    if (request.url?.endsWith('/token')) return void response.end('{"access_token":"let-me-in"}');
    expect(request.headers.authorization).toBe('Bearer let-me-in');
    const body = (await json(request)) as {
      readonly rows: readonly { insertId: string; json: { line_number: number } }[];
    };
    const insertErrors = body.rows.flatMap(({ insertId, json: row }, index) => {
      if (row.line_number === 13) return [{ index, errors: [{ reason: 'invalid', message: 'no such field' }] }];
      inserted.set(insertId, row);
      return [];
    });
    response.end(JSON.stringify(insertErrors.length > 0 ? { insertErrors } : {}));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const variables = { DATASET: 'projects/p/datasets/d', API: `${url}/v2`, TOKENS: `${url}/v1` };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(`BIGQUERY_${name}`, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const places = makeScratchFolder();
  const backup = createBackup(
    { type: 'folder', path: places },
    { failure: 'module-failed', destination: 'bq' },
    places,
  );
  expect(await deliver('bigquery.ts', { env: ['BIGQUERY_*'], backup })).toMatchObject([{ rows: 24, refused: 1 }]);
  expect(lines([...inserted.values()])).toEqual(lines(rows.filter(({ line_number }) => line_number !== 13)));
  expect([...inserted.keys()].slice(0, 2)).toEqual(['7-1-1', '7-1-2']);
  expect([...paths]).toEqual([
    '/v1/instance/service-accounts/default/token',
    '/v2/projects/p/datasets/d/tables/logs/insertAll',
  ]);
});
