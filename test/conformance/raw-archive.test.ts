import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { makeScratchFolder } from '../process/scratch-folder.ts';
import type { PlaceUnderTest } from './destination-under-test.ts';
import { openBucket, openFolder } from './destinations/archives.ts';
import { killDeliveries } from './kill-deliveries.ts';

const url = process.env.TAILRACE_TEST_S3_URL;
const isCampaign = Number(process.env.TAILRACE_SHIPPING_KILLS ?? 1) > 1;
if (!isCampaign) console.info('not applicable: bytes in S3: the same as of lines, and with TAILRACE_SHIPPING_KILLS');
else if (!url) console.warn('skipped: an archive of bytes in S3, because TAILRACE_TEST_S3_URL is not set');

/** Each line that is stored is in the archive once, as it was sent, however often the program is killed. */
async function expectEachLineOnce(place: PlaceUnderTest): Promise<void> {
  let kills = 0;
  const { delivered, stored } = await killDeliveries(
    {
      ...place,
      moment: (number, signal, folder) =>
        number === 0
          ? keeping(join(folder, 'store', 'raw', 'out'), kills++, signal)
          : place.moment(number, signal, folder),
    },
    ['logs'],
  );
  const messages = (rows: typeof stored) => rows.map(({ values }) => String(values.message)).sort();
  expect(stored.length).toBeGreaterThanOrEqual(50);
  expect(messages(delivered)).toEqual(messages(stored));
}

/** Resolves when bytes are being kept, or are kept. */
async function keeping(kept: string, number: number, signal: AbortSignal): Promise<void> {
  const names = () => (existsSync(kept) ? readdirSync(kept) : []);
  const seen = new Set(names());
  const isSign = (name: string) => !seen.has(name) && name.endsWith('.partial') === (number % 2 === 0);
  while (!signal.aborted && !names().some(isSign)) await pause(1);
}

test('bytes in a folder', () => expectEachLineOnce(openFolder(join(makeScratchFolder(), 'out'), '', [], 'raw')));

if (isCampaign) {
  test.skipIf(!url)('bytes in S3', async () => {
    const place = await openBucket(url ?? '', 'raw');
    await expectEachLineOnce(place).finally(() => place.close?.());
  });
}
