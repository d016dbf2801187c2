import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { patienceMs } from '../patience.ts';
import { readShippedRows } from '../shipped-rows.ts';
import { fillDisk, freeDisk, mountSmallDisk, whyNoSmallDisk } from './full-disk.ts';
import { makeScratchFolder } from './scratch-folder.ts';
import { sendLines, startShipping, untilNothingWaits } from './shipping-program.ts';

const whyNot = whyNoSmallDisk();
if (whyNot) console.warn(`skipped: a destination on a full disk, because ${whyNot}`);

test.skipIf(whyNot)('a full disk of the destination delays only the destination', async () => {
  const place = makeScratchFolder();
  const disk = mountSmallDisk(place, 16);
  const destination = { type: 'archive', to: { type: 'folder', path: join(disk, 'folder') } };
  const configuration = { store: { path: './store' }, server: { port: 0 }, destinations: { out: destination } };
  writeFileSync(join(place, 'tailrace.yaml'), JSON.stringify(configuration));
  fillDisk(disk, 0);
  const server = await startShipping(place);
  await sendLines(server, 'full', 2000);
  const problem = expect.stringMatching(/cannot write to ".*": the disk is full; free some space/);
  await vi.waitFor(
    async () => expect(await stateOf(server.address)).toMatchObject({ state: 'retrying', problem, waitingBatches: 1 }),
    { timeout: patienceMs, interval: 200 },
  );
  freeDisk(disk);
  await untilNothingWaits(server);
  await server.stop();
  expect(readShippedRows(join(disk, 'folder'))).toHaveLength(2000);
});

async function stateOf(address: string) {
  const answer = await fetch(`${address}/api/pipelines`);
  const { destinations } = (await answer.json()) as {
    destinations: { state: string; problem: string | null; waitingBatches: number }[];
  };
  return destinations[0];
}
