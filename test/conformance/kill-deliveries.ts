import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../../bench/traffic/random.ts';
import type { ShippedTable } from '../../src/destinations/destination.ts';
import { queryStore } from '../process/program.ts';
import { makeScratchFolder } from '../process/scratch-folder.ts';
import { sendLines, startShipping, untilNothingWaits } from '../process/shipping-program.ts';
import { comparedColumns, type DeliveredRow, type PlaceUnderTest } from './destination-under-test.ts';

const kills = Number(process.env.TAILRACE_SHIPPING_KILLS ?? 1);
const seed = Number(process.env.TAILRACE_SEED ?? Date.now() % 1_000_000);

/** Kills programs that deliver, and lets a last one finish. @returns rows of the place and of the store */
export async function killDeliveries(
  place: PlaceUnderTest,
  tables: readonly ShippedTable[],
): Promise<{ delivered: readonly DeliveredRow[]; stored: readonly DeliveredRow[] }> {
  console.info(`kills of deliveries: TAILRACE_SEED=${seed}`);
  const random = new Random(seed, 0x5417);
  const folder = makeScratchFolder();
  const configuration = {
    store: { path: './store' },
    server: { port: 0 },
    destinations: { out: { ...place.section, from: 'beginning' } },
  };
  writeFileSync(join(folder, 'tailrace.yaml'), JSON.stringify(configuration));
  const first = Math.floor(random.fraction() * 3);
  for (let kill = first; kill < first + kills; kill++) {
    const shipping = await startShipping(folder);
    const sent = new AbortController();
    const moment = kill % 3 === 2 ? acknowledging(folder, sent.signal) : place.moment(kill % 3, sent.signal, folder);
    const sending = (async () => {
      for (let number = 0; number < 20; number++) await sendLines(shipping, `${kill}-${number}`, 50);
    })().catch(() => {});
    await Promise.race([moment, sending.then(() => pause(2000))]);
    sent.abort();
    await pause(random.fraction() ** 2 * 60);
    shipping.program.kill('SIGKILL');
    await shipping.program.ended;
    await sending;
  }
  const shipping = await startShipping(folder);
  await sendLines(shipping, 'last', 50);
  await untilNothingWaits(shipping);
  await shipping.stop();
  const selects = tables.map((table) => {
    const values = comparedColumns[table].map((name) => `'${name}', toString(${name})`);
    return `SELECT '${table}' AS table, map(${values.join(', ')}) AS values FROM ${table}`;
  });
  return {
    delivered: await place.rows(),
    stored: await queryStore<DeliveredRow>(join(folder, 'store'), selects.join(' UNION ALL ')),
  };
}

/** Resolves when an acknowledgement is being written. */
async function acknowledging(folder: string, signal: AbortSignal): Promise<void> {
  const path = join(folder, 'store', 'clickhouse', 'data', 'tailrace', 'shipments');
  const seen = new Set(readdirSync(path));
  const isSign = (name: string) => !seen.has(name) && /^(tmp_insert_)?all_/.test(name);
  while (!signal.aborted && !readdirSync(path).some(isSign)) await pause(3);
}
