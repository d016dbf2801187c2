import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openEngine } from '../../src/engine/open-engine.ts';
import type { Finding } from '../findings.ts';
import { disorderMs } from './configuration.ts';
import { type Rate, runAtRate, warmUpMs } from './run-at-rate.ts';
import { WindowWorker } from './window-worker.ts';

/**
 * From the moment at which a window is over until its emission is recorded. It is over when a batch is closed that has an event
 * past its end by the stated disorder: then nothing is missing that the query would wait for.
 */
export async function measureLatency(work: string, rate: Rate): Promise<Finding[]> {
  const store = join(work, 'live');
  const path = join(work, 'live.log');
  await writeFile(path, '');
  const logs = { path, format: 'cloudfront-realtime' } as const;
  const worker = await WindowWorker.start(join(work, 'live.yaml'), { store, logs, hasWindows: true });
  const beganMs = Date.now();
  const { cpuSeconds } = await runAtRate(worker, path, rate);
  const found = await readLatencies(store, beganMs + warmUpMs);
  const name = `emitted at ${rate.perSecond.toLocaleString('en')} events/s`;
  const ms = (value: number) => `${Math.round(value)} ms`;
  return [
    {
      name: `window closed to ${name}, p99`,
      value: found.closed99 / 1000,
      unit: 's',
      target: { atMost: 1 },
      from: `${found.windows} windows; p50 ${ms(found.closed50)}, slowest ${ms(found.closed100)}; found due until recorded p50 ${ms(found.due50)}, p99 ${ms(found.due99)}; CPU ${cpuSeconds.toFixed(1)} s in ${rate.seconds} s`,
    },
    {
      name: `end of a window and ${disorderMs / 1000} s of disorder to ${name}, p99`,
      value: found.ended99 / 1000,
      unit: 's',
      from: `with reading and storing the lines; p50 ${ms(found.ended50)}`,
    },
  ];
}

type Latencies = Record<
  'windows' | 'closed50' | 'closed99' | 'closed100' | 'due50' | 'due99' | 'ended50' | 'ended99',
  number
>;

async function readLatencies(directory: string, fromMs: number): Promise<Latencies> {
  const engine = await openEngine({ directory });
  const of = (name: string, value: string) =>
    [50, 99, 100].map((percent) => `quantileExact(${percent / 100})(${value}) AS ${name}${percent}`);
  try {
    const [found] = await engine.rows<Latencies>({
      sql: `
        WITH
          (SELECT arraySort(groupArray((toUnixTimestamp64Milli(last_time), toUnixTimestamp64Milli(stored_at)))) FROM ledger WHERE rows > 0) AS batches,
          toUnixTimestamp64Milli(emitted_at) AS emitted,
          toUnixTimestamp64Milli(window_end) + ${disorderMs} AS over,
          arrayMin(arrayMap(batch -> if(batch.1 >= over, batch.2, emitted), batches)) AS closed
        SELECT count() AS windows, ${[
          ...of('closed', 'emitted - closed'),
          ...of('due', 'emitted - toUnixTimestamp64Milli(closed_at)'),
          ...of('ended', 'emitted - over'),
        ].join(', ')}
        FROM window_emissions
        WHERE correction = 0 AND toUnixTimestamp64Milli(window_start) >= {from:Int64} AND arrayExists(batch -> batch.1 >= over, batches)`,
      params: { from: fromMs },
    });
    if (!found || found.windows === 0) throw new Error('cannot measure the latency: no window was emitted');
    return found;
  } finally {
    await engine.close();
  }
}
