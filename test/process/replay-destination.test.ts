import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Random } from '../../bench/traffic/random.ts';
import { patienceMs } from '../patience.ts';
import { queryStore, runProgram } from './program.ts';
import { makeScratchFolder } from './scratch-folder.ts';
import { sendLines, startShipping, untilNothingWaits } from './shipping-program.ts';

const kills = Number(process.env.TAILRACE_SHIPPING_KILLS ?? 1);
const seed = Number(process.env.TAILRACE_SEED ?? Date.now() % 1_000_000);
const s3Url = process.env.TAILRACE_TEST_S3_URL;
if (s3Url === undefined)
  console.warn('skipped: kills while refused rows are kept in S3, because TAILRACE_TEST_S3_URL is not set');

interface Place {
  readonly section: object;
  /** Text of each file or object, by its name. */
  read(): Promise<Record<string, string>>;
}

async function folderPlace(folder: string): Promise<Place> {
  const path = join(folder, 'refused');
  const names = () =>
    existsSync(path)
      ? readdirSync(path, { recursive: true, encoding: 'utf8' }).filter(
          (name) => !name.includes('.partial') && statSync(join(path, name)).isFile(),
        )
      : [];
  return {
    section: { type: 'folder', path },
    read: async () => Object.fromEntries(names().map((name) => [name, readFileSync(join(path, name), 'utf8')])),
  };
}

async function s3Place(): Promise<Place> {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'testtest');
  const access = { region: 'us-east-1', endpoint: s3Url ?? '' };
  const s3 = new S3Client({ ...access, forcePathStyle: true });
  onTestFinished(() => {
    s3.destroy();
    vi.unstubAllEnvs();
  });
  const Bucket = `refused-${randomUUID()}`;
  await s3.send(new CreateBucketCommand({ Bucket }));
  return {
    section: { type: 's3', bucket: Bucket, ...access },
    read: async () => {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
      const entries = Contents.map(async ({ Key = '' }) => {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
        return [Key, (await Body?.transformToString()) ?? ''] as const;
      });
      return Object.fromEntries(await Promise.all(entries));
    },
  };
}

/** Takes each request once, except those that it refuses. */
async function startReceiver(refuses: (body: string) => boolean) {
  const bodies = new Map<string, string>();
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const isRefused = refuses(body);
    if (!isRefused) bodies.set(String(request.headers['idempotency-key']), body);
    response.writeHead(isRefused ? 422 : 204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies };
}

const rowsOf = (texts: Iterable<string>) =>
  [...texts].flatMap((body) =>
    body
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  );
const idOf = (row: Record<string, unknown>) => `${row.batch}/${row.object}/${row.line_number}`;

for (const [name, openPlace, missing] of [
  ['a folder', folderPlace, false],
  ['S3', s3Place, s3Url === undefined],
] as const) {
  test.skipIf(missing)(`refused rows are in ${name} once, whatever is killed, and a replay delivers them`, async () => {
    console.info(`kills while rows are refused: TAILRACE_SEED=${seed}`);
    const random = new Random(seed, 0x3e5);
    const folder = makeScratchFolder();
    const place = await openPlace(folder);
    let isFitting = false;
    const { url, bodies } = await startReceiver((body) => !isFitting && body.includes(' 7"'));
    const out = { type: 'http', url, maxBytes: 1000, from: 'beginning', backup: place.section };
    const configuration = { store: { path: './store' }, server: { port: 0 }, destinations: { out } };
    writeFileSync(join(folder, 'tailrace.yaml'), JSON.stringify(configuration));
    const replay = async (...words: string[]) => {
      const { code, stdout, stderr } = await runProgram(['replay', ...words], { cwd: folder });
      return { code, stdout, stderr };
    };

    for (let kill = 0; kill < kills; kill++) {
      const shipping = await startShipping(folder);
      const before = Object.keys(await place.read()).length;
      const sending = (async () => {
        for (let number = 0; number < 10; number++) await sendLines(shipping, `${kill}-${number}`, 10);
      })().catch(() => {});
      const seen = async () => Object.keys(await place.read()).length > before;
      while (!(await seen())) await pause(3);
      await pause(random.fraction() * 60);
      shipping.program.kill('SIGKILL');
      await shipping.program.ended;
      await sending;
    }
    const shipping = await startShipping(folder);
    await sendLines(shipping, 'last', 10);
    await untilNothingWaits(shipping);

    const kept = await place.read();
    const records = rowsOf(Object.values(kept));
    expect(new Set(records.map(({ tailraceBatch }) => tailraceBatch)).size).toBe(Object.keys(kept).length);
    const refused = rowsOf(records.map(({ rawData }) => Buffer.from(rawData, 'base64').toString()));
    const delivered = rowsOf(bodies.values());
    expect(delivered.length).toBeGreaterThan(refused.length);
    const ids = [...delivered, ...refused].map(idOf);
    expect(new Set(ids).size).toBe(ids.length);

    const batches = Object.keys(kept).length;
    const counts = new RegExp(`^${batches} batches: ${refused.length} rows refused, \\d+ rows in all\n`);
    expect((await replay('--destination', 'out', '--dry-run')).stdout).toMatch(counts);
    isFitting = true;
    const { stdout } = await replay('--destination', 'out');
    expect(stdout).toMatch(counts);
    expect(stdout).toContain('the running server delivers them again, within a minute');
    await vi.waitFor(async () => expect(await place.read()).toEqual({}), { timeout: patienceMs, interval: 200 });
    await untilNothingWaits(shipping);
    expect((await replay('--destination', 'out')).stdout).toBe(
      'the destination has taken everything that was delivered to it\n',
    );
    await shipping.stop();

    const stored = await queryStore<Record<string, unknown>>(
      join(folder, 'store'),
      'SELECT toString(batch) AS batch, object, line_number FROM logs',
    );
    expect(rowsOf(bodies.values()).map(idOf).sort()).toEqual(stored.map(idOf).sort());

    // Without a server it is recorded; and what the backup has is never stored a second time.
    expect((await replay('--destination', 'uot')).stderr).toContain('no destination "uot"; did you mean out?');
    mkdirSync(join(folder, 'copies'));
    writeFileSync(join(folder, 'copies', 'out-1'), Object.values(kept)[0] ?? '');
    expect(await replay('copies')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('0 rows stored'),
      stderr: expect.stringContaining(
        'were refused by the destination "out", and their rows are in the store: run "tailrace replay --destination out"',
      ),
    });
  });
}
