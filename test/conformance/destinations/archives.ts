import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { request as send } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { type ShippedTable, shippedTables } from '../../../src/destinations/destination.ts';
import { setTestCredentials } from '../../../src/sources/test-doubles/local-stream.ts';
import { readShippedRows } from '../../shipped-rows.ts';
import {
  type DeliveredRow,
  type DestinationUnderTest,
  killLike,
  type PlaceUnderTest,
} from '../destination-under-test.ts';
import { Gate, type GatedAnswer, type GatedRequest } from './gate.ts';

setTestCredentials();

const region = 'us-east-1';
const variable = 'TAILRACE_TEST_S3_URL';
const running = process.env[variable];
/** Interpreter of Python with PyArrow. */
const readers = process.env.TAILRACE_TEST_READERS;
type Format = 'ndjson' | 'parquet' | 'raw';
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
    openPlace: async () => openBucket(running ?? '', 'ndjson'),
    ...(running ? {} : { missing: `${variable} is not set` }),
  },
  {
    ...{ name: 'archive of Parquet in a folder', kind: 'archive', tables: shippedTables, visible: 'batches' },
    exceptions: {
      'abort while the place is silent': 'a file system answers',
      'away and back': 'the same as of lines',
      forbidden: 'tests may run as root, who may write everywhere',
      memory: 'pieces of a file that are repeated are no file',
      ...killLike('of lines'),
    },
    openPlace: async (scratch) => openFolder(join(scratch, 'out'), 'none', shippedTables, 'parquet'),
    ...(readers ? {} : { missing: 'TAILRACE_TEST_READERS is not set' }),
  },
  {
    ...{ name: 'archive of Parquet in S3', kind: 'archive', tables: shippedTables, visible: 'rows' },
    exceptions: {
      'lost acknowledgement': 'the same as in a folder',
      'abort while rows are read': 'the same as in a folder',
      'abort while the place is silent': 'the same as of lines',
      'away and back': 'the same as of lines',
      forbidden: 'the same as of lines',
      check: 'the same as of lines',
      masks: 'the same as in a folder',
      memory: 'pieces of a file that are repeated are no file',
      ...killLike('of lines'),
    },
    openPlace: async () => openBucket(running ?? '', 'parquet'),
    ...(readers && running ? {} : { missing: `TAILRACE_TEST_READERS or ${variable} is not set` }),
  },
];

export function openFolder(
  path: string,
  compression: string,
  tables: readonly ShippedTable[],
  format: Format = 'ndjson',
): PlaceUnderTest {
  mkdirSync(path);
  const aside = `${path}.aside`;
  const names = (recursive: boolean) => (existsSync(path) ? readdirSync(path, { recursive, encoding: 'utf8' }) : []);
  return {
    section: sectionOf({ type: 'folder', path }, format, { prefix, compression, tables }),
    rows: async () =>
      format === 'parquet'
        ? readParquet(path, names(true))
        : format === 'raw'
          ? names(true)
              .filter((name) => name.endsWith('.lines.gz'))
              .flatMap((name) => rawRows(readFileSync(join(path, name))))
          : tables.flatMap((table) => readShippedRows(path, table).map((values) => ({ table, values }))),
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
        name.startsWith('.partial/')
          ? number % 2 === 0
          : name.includes(format === 'raw' ? '.lines.gz' : format) && number % 2 === 1;
      const seen = new Set(names(true));
      while (!signal.aborted && !names(true).some((name) => !seen.has(name) && isSign(name))) await pause(3);
    },
  };
}

export async function openBucket(url: string, format: Format): Promise<PlaceUnderTest> {
  const bucket = `archive-${randomUUID()}`;
  const s3 = new S3Client({ region, endpoint: url, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const gate = await Gate.open((request) => passOn(url, request));
  const isPut = ({ method, path }: GatedRequest) =>
    method === 'PUT' && path.includes(format === 'raw' ? '.lines.gz' : `.${format}`);
  const keys = async () => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    return Contents.map(({ Key = '' }) => Key);
  };
  const bytesOf = async (key: string) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return (await Body?.transformToByteArray()) ?? Buffer.alloc(0);
  };
  const rowsOfLines = async (key: string): Promise<DeliveredRow[]> => {
    if (format === 'raw') return rawRows(await bytesOf(key));
    const table = /\.(\w+)\.ndjson\.gz$/.exec(key)?.[1] as ShippedTable;
    const lines = gunzipSync(await bytesOf(key))
      .toString()
      .split('\n');
    if (lines.pop() !== '') throw new Error(`the last line of "${key}" is cut`);
    return lines.map((line) => ({ table, values: JSON.parse(line) }));
  };
  const rowsOfParquet = async (): Promise<DeliveredRow[]> => {
    const folder = mkdtempSync(join(tmpdir(), 'tailrace-parquet-'));
    try {
      const names = (await keys()).map((key) => [key, key.replaceAll('/', '_')] as const);
      for (const [key, name] of names) writeFileSync(join(folder, name), await bytesOf(key));
      return readParquet(
        folder,
        names.map(([, name]) => name),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  const to = { type: 's3', bucket, region, endpoint: gate.url };
  return {
    section: sectionOf(to, format, { prefix, tables: shippedTables }),
    rows: async () =>
      format === 'parquet' ? rowsOfParquet() : (await Promise.all((await keys()).map(rowsOfLines))).flat(),
    traces: keys,
    ...gate.faults(isPut),
    forbid: async () => gate.answerAll(accessDenied),
    close: async () => {
      await gate.end();
      s3.destroy();
    },
  };
}

function sectionOf(to: object, format: Format, keys: Readonly<Record<string, unknown>>) {
  return { type: 'archive', to, format, ...(format === 'raw' ? {} : keys) };
}

/** Lines of JSON as they were sent, as if they were rows. */
function rawRows(bytes: Uint8Array): DeliveredRow[] {
  const lines = gunzipSync(bytes).toString().split('\n');
  if (lines.pop() !== '') throw new Error('the last line is cut');
  return lines.map((line) => ({ table: 'logs', values: JSON.parse(line) }));
}

/** With PyArrow. @param names of all files that are in the folder */
function readParquet(folder: string, names: readonly string[]): DeliveredRow[] {
  const script = join(import.meta.dirname, 'read-parquet.py');
  return shippedTables.flatMap((table) => {
    const paths = names.filter((name) => name.endsWith(`.${table}.parquet`)).map((name) => join(folder, name));
    if (paths.length === 0) return [];
    const options = { encoding: 'utf8', maxBuffer: 1024 ** 3 } as const;
    const lines = execFileSync(readers ?? '', [script, ...paths], options)
      .trimEnd()
      .split('\n');
    return lines.map((line) => ({ table, values: JSON.parse(line) }));
  });
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
