import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { timeOfId } from '../../ledger/batch-id.ts';
import { startStubAws } from '../../sources/test-doubles/stub-aws.ts';
import type { Backup, RefusedRecord } from './backup.ts';
import { type BackupOptions, createBackup } from './create-backup.ts';

vi.mock('../../waiting/backoff.ts', () => ({ backoffMs: () => 5 }));

const s3Url = process.env.TAILRACE_TEST_S3_URL;
if (s3Url === undefined)
  console.warn('skipped: a backup in S3 on a real server, because TAILRACE_TEST_S3_URL is not set');

const { signal } = new AbortController();
const owner = { failure: 'http-endpoint-failed', destination: 'hook' };
const batches = ['914067372376507168', '914067372376507169'].map((batch) => ({
  ...{ batch, requests: 3, logs: 0, rejects: 0, closedAtMs: 7, firstTime: null, lastTime: null },
}));
const [one, other] = batches as [(typeof batches)[number], (typeof batches)[number]];
const hour = new Date(timeOfId(one.batch)).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
const nameOf = ({ batch }: typeof one) => `http-endpoint-failed/${hour}/hook-${batch}`;
const refused = (rawData: string): RefusedRecord => ({
  ...{ attempts: 1, errorCode: '400', errorMessage: 'no', rawData: Buffer.from(rawData), more: { dataId: 'd' } },
});

interface Place {
  readonly options: BackupOptions;
  /** Text by name, of all that a reader sees. */
  read(): Promise<Record<string, string>>;
}

function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tailrace-backup-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const names = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(folder, name)).isFile());

const folderPlace = async (): Promise<Place> => {
  const path = scratchFolder();
  const seen = () => names(path).filter((name) => !name.includes('.partial'));
  return {
    options: { type: 'folder', path },
    read: async () => Object.fromEntries(seen().map((name) => [name, readFileSync(join(path, name), 'utf8')])),
  };
};

function useCredentials(): void {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'testtest');
  onTestFinished(() => void vi.unstubAllEnvs());
}

const s3Place = async (): Promise<Place> => {
  useCredentials();
  const bucket = `backup-${randomUUID()}`;
  const options = { type: 's3' as const, bucket, prefix: 'edge/', region: 'us-east-1', endpoint: s3Url ?? '' };
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  onTestFinished(() => s3.destroy());
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const text = async (Key: string) =>
    (await s3.send(new GetObjectCommand({ Bucket: bucket, Key }))).Body?.transformToString() ?? '';
  const read = async () => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    const keys = Contents.map(({ Key = '' }) => Key);
    const entries = keys.map(async (key) => [key.replace(/^edge\//, ''), await text(key)] as const);
    return Object.fromEntries(await Promise.all(entries));
  };
  return { options, read };
};

async function open(options: BackupOptions, spool = scratchFolder()): Promise<Backup> {
  const backup = createBackup(options, owner, spool);
  await backup.open(signal);
  onTestFinished(() => backup.close());
  return backup;
}

const dataOf = (text = '') =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => Buffer.from(JSON.parse(line).rawData, 'base64').toString());

for (const [name, openPlace, missing] of [
  ['a folder', folderPlace, false],
  ['S3 on a real server', s3Place, s3Url === undefined],
] as const) {
  describe.skipIf(missing)(name, () => {
    test('records of a batch appear together when it is published, as Firehose writes them', async () => {
      const { options, read } = await openPlace();
      const backup = await open(options);
      await Promise.all([backup.keep(one, refused('a\u00e9')), backup.keep(one, refused('b'))]);
      await backup.keep(other, refused('c'));
      expect(await read()).toEqual({});
      const kept = await backup.publish(batches, signal);
      const seen = await read();
      expect(Object.keys(seen)).toEqual(batches.map(nameOf));
      expect(kept).toEqual(batches.map((batch) => seen[nameOf(batch)]?.length));
      expect([dataOf(seen[nameOf(one)]), dataOf(seen[nameOf(other)])]).toEqual([['a\u00e9', 'b'], ['c']]);
      expect(JSON.parse(seen[nameOf(other)] ?? '')).toEqual({
        attemptsMade: 1,
        arrivalTimestamp: 7,
        errorCode: '400',
        errorMessage: 'no',
        attemptEndingTimestamp: expect.any(Number),
        rawData: Buffer.from('c').toString('base64'),
        dataId: 'd',
        tailraceDestination: 'hook',
        tailraceBatch: other.batch,
      });
    });

    test('a batch that is delivered again replaces what is kept of it, and removes it when nothing is refused', async () => {
      const { options, read } = await openPlace();
      const first = await open(options);
      for (const batch of batches) await first.keep(batch, refused('first'));
      await first.publish(batches, signal);
      const second = await open(options);
      await second.keep(one, refused('second'));
      expect(await second.publish(batches, signal)).toEqual([expect.any(Number), 0]);
      const seen = await read();
      expect(Object.keys(seen)).toEqual([nameOf(one)]);
      expect(dataOf(seen[nameOf(one)])).toEqual(['second']);
    });

    test('what is discarded, or was not published before a kill, is never seen', async () => {
      const { options, read } = await openPlace();
      const spool = scratchFolder();
      const killed = await open(options, spool);
      await killed.keep(one, refused('killed'));
      const next = await open(options, spool);
      await next.keep(one, refused('discarded'));
      await next.discard();
      expect(names(spool)).toEqual([]);
      await next.keep(one, refused('delivered'));
      await next.publish([one], signal);
      expect(dataOf((await read())[nameOf(one)])).toEqual(['delivered']);
      await next.close();
      expect(names(spool)).toEqual([]);
    });

    test('the check finds nothing wrong, and leaves nothing', async () => {
      const { options, read } = await openPlace();
      expect(await createBackup(options, owner, scratchFolder()).check(signal)).toEqual([]);
      expect(await read()).toEqual({});
    });
  });
}

test('S3 that does not permit it', async () => {
  useCredentials();
  const stub = await startStubAws();
  onTestFinished(() => stub.close());
  const options = { type: 's3' as const, bucket: 'b', region: 'us-east-1', endpoint: stub.url };
  const forbidden = { status: 403, code: 'AccessDenied' };
  const key = `b/${nameOf(one)}`;
  stub.fail('PutObject b/http-endpoint-failed/tailrace-check', forbidden);
  stub.fail('DeleteObject b/http-endpoint-failed/tailrace-check', forbidden);
  expect(await createBackup(options, owner, scratchFolder()).check(signal)).toEqual([
    expect.stringMatching(
      /^cannot write "s3:\/\/b\/http-endpoint-failed\/tailrace-check": AccessDenied.*; allow s3:PutObject on arn:aws:s3:::b\/\*$/,
    ),
    expect.stringMatching(/^cannot remove .*; allow s3:DeleteObject on arn:aws:s3:::b\/\*$/),
  ]);
  stub.fail(`PutObject ${key}`, { status: 503, code: 'SlowDown' }, 2);
  const backup = await open(options);
  await backup.keep(one, refused('a'));
  await backup.publish([one], signal);
  expect(stub.calls.filter((call) => call === `PutObject ${key}`)).toHaveLength(3);
  stub.fail(`PutObject ${key}`, forbidden);
  await backup.keep(one, refused('a'));
  await expect(backup.publish([one], signal)).rejects.toThrow('allow s3:PutObject on arn:aws:s3:::b/*');
});

test('only batches that may have been delivered before cost a request', async () => {
  useCredentials();
  const stub = await startStubAws();
  onTestFinished(() => stub.close());
  const backup = await open({ type: 's3', bucket: 'b', region: 'us-east-1', endpoint: stub.url });
  const fresh = { ...one, closedAtMs: Date.now() + 3_600_000 };
  await backup.publish([fresh], signal);
  expect(stub.calls).toEqual([]);
  await backup.keep(fresh, refused('a'));
  await backup.publish([fresh], signal);
  await backup.publish([fresh], signal);
  await backup.publish(batches, signal);
  expect(stub.calls).toEqual([`PutObject b/${nameOf(one)}`, 'DeleteObjects b/', 'DeleteObjects b/']);
});
