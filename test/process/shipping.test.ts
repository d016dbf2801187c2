import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { Random } from '../../bench/traffic/random.ts';
import { patienceMs } from '../patience.ts';
import { readShippedRows } from '../shipped-rows.ts';
import { fillDisk, freeDisk, mountSmallDisk, whyNoSmallDisk } from './full-disk.ts';
import { queryStore, type StartedProgram, startProgram } from './program.ts';
import { makeScratchFolder } from './scratch-folder.ts';

const kills = Number(process.env.TAILRACE_SHIPPING_KILLS ?? 3);
const seed = Number(process.env.TAILRACE_SEED ?? Date.now() % 1_000_000);

/** What the program writes around a shipment; a kill follows soon after such a sign. */
const signs = {
  'before the rename': { folder: ['folder', '.partial'], entry: /ndjson/ },
  'after the rename': { folder: ['folder'], entry: /ndjson$/ },
  acknowledging: { folder: ['store', 'clickhouse', 'data', 'tailrace', 'shipments'], entry: /^(tmp_insert_)?all_/ },
} as const;

test(`whatever moment it is killed at, the folder has each row of the store once (TAILRACE_SEED=${seed})`, async () => {
  const random = new Random(seed, 0x5417);
  const place = makePlace();
  for (let kill = 0; kill < kills; kill++) {
    const sign = Object.keys(signs)[kill % 3] as keyof typeof signs;
    const server = await start(place);
    const moment = waitForSign(place, sign);
    const sending = (async () => {
      for (let sent = 0; sent < 20; sent++) await send(server.address, `${kill}-${sent}`, 50);
    })().catch(() => {});
    await Promise.race([moment, sending.then(() => delay(2000))]);
    await delay(random.fraction() ** 2 * 60);
    server.program.kill('SIGKILL');
    await server.program.ended;
    await sending;
  }
  const server = await start(place);
  await send(server.address, 'last', 50);
  await untilNothingWaits(server.address);
  await stop(server.program);
  const shipped = shippedRows(place);
  const stored = await queryStore<{ id: string }>(
    join(place, 'store'),
    `SELECT concat(toString(batch), ' ', toString(object), ' ', toString(line_number), ' ', message) AS id FROM logs`,
  );
  expect(stored.length).toBeGreaterThan(50);
  expect(shipped.sort()).toEqual(stored.map(({ id }) => id).sort());
});

const whyNot = whyNoSmallDisk();
if (whyNot) console.warn(`skipped: a destination on a full disk, because ${whyNot}`);

test.skipIf(whyNot)('a full disk of the destination delays only the destination', async () => {
  const place = makeScratchFolder();
  const disk = mountSmallDisk(place, 16);
  writeConfiguration(place, join(disk, 'folder'));
  fillDisk(disk, 0);
  const server = await start(place);
  await send(server.address, 'full', 2000);
  const problem = expect.stringMatching(/cannot write to ".*": the disk is full; free some space/);
  await vi.waitFor(
    async () => expect(await stateOf(server.address)).toMatchObject({ state: 'retrying', problem, waitingBatches: 1 }),
    { timeout: patienceMs, interval: 200 },
  );
  freeDisk(disk);
  await untilNothingWaits(server.address);
  await stop(server.program);
  expect(shippedRows(disk)).toHaveLength(2000);
});

function makePlace(): string {
  const place = makeScratchFolder();
  writeConfiguration(place, './folder');
  mkdirSync(join(place, 'folder'));
  return place;
}

function writeConfiguration(place: string, folder: string): void {
  writeFileSync(
    join(place, 'tailrace.yaml'),
    `store: { path: ./store }\nserver: { port: 0 }\ndestinations: { out: { type: folder, path: "${folder}", from: beginning } }\n`,
  );
}

interface Served {
  readonly program: StartedProgram;
  readonly address: string;
}

async function start(place: string): Promise<Served> {
  const program = startProgram(['up', '--config', join(place, 'tailrace.yaml')], { cwd: place });
  const [, address = ''] = await program.says(/listens on (\S+)/);
  return { program, address };
}

async function stop(program: StartedProgram): Promise<void> {
  program.kill('SIGTERM');
  expect(await program.ended).toMatchObject({ code: 0 });
}

async function send(address: string, name: string, lines: number): Promise<void> {
  const body = Array.from({ length: lines }, (_, line) => `{"level":"info","message":"${name} ${line}"}\n`).join('');
  const answer = await fetch(`${address}/ingest/ndjson`, {
    method: 'POST',
    body,
    headers: { 'idempotency-key': name },
  });
  expect(answer.status).toBe(200);
}

async function stateOf(address: string) {
  const answer = await fetch(`${address}/api/pipelines`);
  const { destinations } = (await answer.json()) as {
    destinations: { state: string; problem: string | null; waitingBatches: number }[];
  };
  return destinations[0];
}

/** What was sent before is in the store, and shipped as soon as the destination has looked once more. */
async function untilNothingWaits(address: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const sql = `SELECT count() AS open FROM (SELECT DISTINCT batch FROM ledger)
                   WHERE batch NOT IN (SELECT batch FROM shipments WHERE state = 'shipped')`;
      const answer = await fetch(`${address}/api/query`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ sql }),
      });
      expect(await answer.json()).toMatchObject({ data: [{ open: expect.toSatisfy((open) => Number(open) === 0) }] });
    },
    { timeout: patienceMs, interval: 200 },
  );
}

function shippedRows(place: string): string[] {
  return readShippedRows(join(place, 'folder')).map(
    ({ batch, object, line_number, message }) => `${batch} ${object} ${line_number} ${message}`,
  );
}

async function waitForSign(place: string, sign: keyof typeof signs): Promise<void> {
  const { folder, entry } = signs[sign];
  const path = join(place, ...folder);
  const isRecursive = sign === 'after the rename';
  const names = () => {
    try {
      return readdirSync(path, { recursive: isRecursive, encoding: 'utf8' });
    } catch {
      return [];
    }
  };
  const seen = new Set(names());
  while (!names().some((name) => !seen.has(name) && entry.test(name))) await delay(3);
}
