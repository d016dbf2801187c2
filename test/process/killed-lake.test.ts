import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Random } from '../../bench/traffic/random.ts';
import { countParquetRows } from '../../src/destinations/parquet-rows.ts';
import { storeRandomRequests } from '../../src/reports/test-doubles/random-requests.ts';
import { setTestCredentials } from '../../src/sources/test-doubles/local-stream.ts';
import { openStore } from '../../src/store/open-store.ts';
import { copyPreparedStore } from '../prepared-store.ts';
import { CountedWire } from './counted-wire.ts';
import { keepKills, keepSeed } from './kill-copies.ts';
import { expectFine, killAt } from './kill-program.ts';
import { makeScratchFolder } from './scratch-folder.ts';

vi.setConfig({ testTimeout: 600_000 + keepKills * 60_000 });

const url = process.env.TAILRACE_TEST_S3_URL;
if (!url) console.warn('skipped: kills while a lake is written to S3, because TAILRACE_TEST_S3_URL is not set');

const hours = 12;
const rowsOfRound = 600;

/** A lake, and how it is read meanwhile. */
interface LakeUnderTest {
  /** Words of a command line. */
  readonly words: readonly string[];
  /** Rows of every file that a reader sees, each of which must be whole. */
  rows(): Promise<number>;
  /** Resolves at a moment of the next export. */
  moment(random: Random): Promise<void>;
  /** Fails if anything but the tables is there. */
  expectNothingElse(): Promise<void>;
}

test(`an export that is killed ${keepKills} times leaves no half file, and nothing missing or twice`, () =>
  killExports(folderLake(join(makeScratchFolder(), 'lake'))));

test.skipIf(!url)(`and of uploads to S3 that are killed ${keepKills} times nothing is left`, async () =>
  killExports(await bucketLake(url ?? '')),
);

async function killExports(lake: LakeUnderTest): Promise<void> {
  const random = new Random(keepSeed, 0x6b14);
  const directory = copyPreparedStore(join(makeScratchFolder(), 'store'));
  const command = ['lake', 'export', ...lake.words, '--store', directory, '--json'];
  const addRows = async (round: number) => {
    const store = await openStore({ directory });
    const first = round * rowsOfRound;
    await storeRandomRequests(store.engine, { first, count: rowsOfRound, hours, batch: round + 1 });
    await store.close();
  };
  let [kills, rounds, before] = [0, 0, 0];
  await addRows(rounds++);
  await expectFine(command);
  while (kills < keepKills) {
    await addRows(rounds++);
    const isKilled = await killAt(lake.moment(random), command, { withEngine: random.chance(0.5) });
    const rows = await lake.rows();
    expect(rows).toBeGreaterThanOrEqual(before);
    expect(rows).toBeLessThanOrEqual(rounds * rowsOfRound);
    if (isKilled) kills++;
    if (rounds > 10 + 3 * keepKills) throw new Error('the exports finish before they are killed');
    before = rows;
  }
  await addRows(rounds++);
  await expectFine(command);
  expect(await lake.rows()).toBe(rounds * rowsOfRound);
  const { stdout } = await expectFine(command);
  expect(JSON.parse(stdout)).toMatchObject({ hours: 0, current: hours, problems: [] });
  await lake.expectNothingElse();
  expect(readdirSync(join(directory, 'spool'))).toEqual([]);
  console.info(`${kills} kills of ${rounds - 2} exports to ${lake.words[0]}, TAILRACE_SEED=${keepSeed}`);
}

function folderLake(path: string): LakeUnderTest {
  const rows = async () => {
    let sum = 0;
    for (const name of readdirSync(path, { recursive: true, encoding: 'utf8' })) {
      if (name.startsWith('requests') && name.endsWith('.parquet')) sum += await countParquetRows(join(path, name));
    }
    return sum;
  };
  return {
    words: [path],
    rows,
    // Files appear one by one.
    moment: async (random) => {
      const before = await rows().catch(() => 0);
      const deadline = Date.now() + 60_000;
      while (Date.now() < deadline) {
        await sleep(5, undefined, { ref: false });
        if ((await rows().catch(() => 0)) !== before && random.chance(0.3)) return;
      }
    },
    expectNothingElse: async () => expect(readdirSync(path).sort()).toEqual(['requests']),
  };
}

async function bucketLake(server: string): Promise<LakeUnderTest> {
  setTestCredentials();
  const Bucket = `lake-${randomUUID()}`;
  const s3 = new S3Client({ region: 'us-east-1', endpoint: server, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket }));
  const wire = await CountedWire.open(server);
  const scratch = mkdtempSync(join(tmpdir(), 'tailrace-lake-objects-'));
  onTestFinished(() => {
    wire.close();
    s3.destroy();
    rmSync(scratch, { recursive: true });
  });
  const keys = async () => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    return Contents.map(({ Key = '' }) => Key);
  };
  /** Of an export. */
  let bytes = 0;
  return {
    words: [`s3://${Bucket}/lake/`, '--region', 'us-east-1', '--endpoint', wire.url],
    rows: async () => {
      let sum = 0;
      for (const Key of await keys()) {
        const path = join(scratch, 'object');
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
        writeFileSync(path, (await Body?.transformToByteArray()) ?? '');
        sum += await countParquetRows(path);
      }
      return sum;
    },
    // Between requests and in the midst of them.
    moment: (random) => {
      bytes ||= wire.bytes;
      return wire.passed(random.fraction() * bytes);
    },
    expectNothingElse: async () => {
      expect(
        (await keys()).filter((key) => !/^lake\/requests\/dt=[-\d]+\/hour=\d\d\/requests\.parquet$/.test(key)),
      ).toEqual([]);
      const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
      expect(Uploads).toEqual([]);
    },
  };
}
