import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Shipment } from '../../src/destinations/destination.ts';
import { createHttpDestination } from '../../src/destinations/http/http-destination.ts';
import { undivided } from '../../src/destinations/test-doubles/undivided.ts';
import { freePort } from '../free-port.ts';
import { makeScratchFolder } from './scratch-folder.ts';

const document = readFileSync(new URL('../../docs/destinations.md', import.meta.url), 'utf8');
const secret = `whsec_${Buffer.alloc(32, 's').toString('base64')}`;

test('the receiver of docs/destinations.md has each row once, and refuses others', async () => {
  const folder = makeScratchFolder();
  const [, example = ''] = /```js\n(.*?)```/s.exec(document) ?? [];
  writeFileSync(join(folder, 'receiver.mjs'), example);
  const port = await freePort();
  const environment = { PATH: process.env.PATH, PORT: String(port), HOOK_SECRET: secret };
  const receiver = spawn(process.execPath, ['receiver.mjs'], { cwd: folder, env: environment, stdio: 'inherit' });
  onTestFinished(() => void receiver.kill());

  const { signal } = new AbortController();
  const destination = (key: string) =>
    createHttpDestination({
      ...{ url: `http://127.0.0.1:${port}`, format: 'ndjson', compression: 'none', tables: ['logs'], headers: {} },
      ...{ secret: key, maxBytes: 1000, timeoutMs: 60_000 },
    });
  await expect.poll(() => destination(secret).check(signal)).toEqual([]);
  for (let time = 0; time < 2; time++) await destination(secret).ship(shipment, signal);
  const names = readdirSync(folder).filter((name) => name.endsWith('.ndjson'));
  expect(names.length).toBeGreaterThan(1);
  expect(names.flatMap((name) => readFileSync(join(folder, name), 'utf8').split(/(?<=\n)/)).sort()).toEqual(lines);
  const other = `whsec_${Buffer.alloc(32, 'o').toString('base64')}`;
  expect(await destination(other).check(signal)).toEqual([
    expect.stringMatching(/answered 401; check the credentials/),
  ]);
});

const lines = Array.from({ length: 100 }, (_, number) => `{"line_number":${number}}\n`).sort();
const batch = { batch: '1', requests: 0, logs: 100, rejects: 0, firstTime: null, lastTime: null, closedAtMs: 0 };
const shipment: Shipment = {
  batches: [batch],
  read: async function* () {
    yield Buffer.from(lines.join(''));
  },
  divide: undivided,
};
