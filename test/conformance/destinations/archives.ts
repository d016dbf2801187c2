import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { request as send } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { type ShippedTable, shippedTables } from '../../../src/destinations/destination.ts';
import { setTestCredentials } from '../../../src/sources/test-doubles/local-stream.ts';
import { readShippedRows } from '../../shipped-rows.ts';
import type { DeliveredRow, DestinationUnderTest, PlaceUnderTest } from '../destination-under-test.ts';
import { Gate, type GatedAnswer, type GatedRequest } from './gate.ts';

setTestCredentials();

const region = 'us-east-1';
const variable = 'TAILRACE_TEST_S3_URL';
const running = process.env[variable];
/** Rows of a batch have several names: by their hour, and by what a viewer wrote. */
const prefix = 'edge/{table}/dt={yyyy}-{MM}-{dd}/hour={HH}/{source_format}/';

/** Plain files of all tables, compressed ones of the usual tables, and objects. */
export const archives: readonly DestinationUnderTest[] = [
  {
    ...{ name: 'archive in a folder', kind: 'archive', tables: shippedTables, visible: 'batches' },
    exceptions: {
      'abort while the place is silent': 'a file system answers',
      forbidden: 'tests may run as root, who may write everywhere',
    },
    openPlace: async (scratch) => openFolder(join(scratch, 'out'), 'none', shippedTables),
  },
  {
    ...{ name: 'archive in a folder, compressed', kind: 'archive', tables: ['requests', 'logs'], visible: 'batches' },
    exceptions: {
      'abort while the place is silent': 'a file system answers',
      forbidden: 'tests may run as root, who may write everywhere',
      kill: 'the same as of plain files',
    },
    openPlace: async (scratch) => openFolder(join(scratch, 'out'), 'gzip', ['requests', 'logs']),
  },
  {
    ...{ name: 'archive in S3', kind: 'archive', tables: shippedTables, visible: 'rows' },
    exceptions: { memory: 'the same as in a folder' },
    openPlace: async () => openBucket(running ?? ''),
    ...(running ? {} : { missing: `${variable} is not set` }),
  },
];

function openFolder(path: string, compression: string, tables: readonly ShippedTable[]): PlaceUnderTest {
  mkdirSync(path);
  const aside = `${path}.aside`;
  const names = (recursive: boolean) => (existsSync(path) ? readdirSync(path, { recursive, encoding: 'utf8' }) : []);
  return {
    section: { type: 'archive', to: { type: 'folder', path }, prefix, compression, tables },
    rows: async () => tables.flatMap((table) => readShippedRows(path, table).map((values) => ({ table, values }))),
    traces: async () => names(true),
    away: async () => {
      renameSync(path, aside);
      writeFileSync(path, 'not a folder');
    },
    back: async () => {
      rmSync(path);
      renameSync(aside, path);
    },
    moment: async (number, signal) => {
      const isSign = (name: string) =>
        name.startsWith('.partial/') ? number % 2 === 0 : name.includes('ndjson') && number % 2 === 1;
      const seen = new Set(names(true));
      while (!signal.aborted && !names(true).some((name) => !seen.has(name) && isSign(name))) await pause(3);
    },
  };
}

async function openBucket(url: string): Promise<PlaceUnderTest> {
  const bucket = `archive-${randomUUID()}`;
  const s3 = new S3Client({ region, endpoint: url, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const gate = await Gate.open((request) => passOn(url, request));
  const isPut = ({ method, path }: GatedRequest) => method === 'PUT' && path.includes('.ndjson');
  const keys = async () => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    return Contents.map(({ Key = '' }) => Key);
  };
  const rows = async (key: string): Promise<DeliveredRow[]> => {
    const table = /\.(\w+)\.ndjson\.gz$/.exec(key)?.[1] as ShippedTable;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const lines = gunzipSync((await Body?.transformToByteArray()) ?? '')
      .toString()
      .split('\n');
    if (lines.pop() !== '') throw new Error(`the last line of "${key}" is cut`);
    return lines.map((line) => ({ table, values: JSON.parse(line) }));
  };
  return {
    section: { type: 'archive', to: { type: 's3', bucket, region, endpoint: gate.url }, prefix, tables: shippedTables },
    rows: async () => (await Promise.all((await keys()).map(rows))).flat(),
    traces: keys,
    ...gate.faults(isPut),
    forbid: async () => gate.answerAll(accessDenied),
    close: async () => {
      await gate.end();
      s3.destroy();
    },
  };
}

const accessDenied: GatedAnswer = {
  status: 403,
  body: Buffer.from('<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>'),
};

/** With all headers as they came: they are signed. */
function passOn(url: string, { method, path, headers, bytes }: GatedRequest): Promise<GatedAnswer> {
  return new Promise((resolve, reject) => {
    const forwarded = send(new URL(path, url), { method, headers }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk);
      resolve({ status: answer.statusCode ?? 502, body: Buffer.concat(chunks) });
    });
    forwarded.on('error', reject);
    forwarded.end(bytes);
  });
}
