import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openEngine } from '../../src/engine/open-engine.ts';
import type { Finding } from '../findings.ts';
import { disorderMs } from './configuration.ts';
import { requestLine } from './request-lines.ts';
import { WindowWorker } from './window-worker.ts';

const viewers = 20_000;
const everyMs = 100;
/** Of the first seconds, when everything happens for the first time. */
const warmUpMs = 15_000;

export interface Rate {
  readonly perSecond: number;
  readonly seconds: number;
}

/** Appends lines to a file at a steady rate. @returns how many */
export async function writeSteadily(path: string, { perSecond, seconds }: Rate): Promise<number> {
  await writeFile(path, '');
  const startedMs = Date.now();
  let written = 0;
  for (let turn = 1; turn * everyMs <= seconds * 1000; turn++) {
    await sleep(Math.max(0, startedMs + turn * everyMs - Date.now()));
    const until = Math.floor((turn * everyMs * perSecond) / 1000);
    const nowMs = Date.now();
    await appendFile(
      path,
      Array.from({ length: until - written }, (_, index) => requestLine(written + index, nowMs, viewers)).join(''),
    );
    written = until;
  }
  return written;
}

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
  let cpu = 0;
  const beganMs = Date.now();
  try {
    const before = worker.cpuSeconds();
    const written = await writeSteadily(path, rate);
    await worker.untilVisible(written);
    await sleep(2 * disorderMs);
    cpu = worker.cpuSeconds() - before;
  } finally {
    await worker.stop();
  }
  const found = await readLatencies(store, beganMs + warmUpMs);
  const name = `emitted at ${rate.perSecond.toLocaleString('en')} events/s`;
  const ms = (value: number) => `${Math.round(value)} ms`;
  return [
    {
      name: `window closed to ${name}, p99`,
      value: found.closed99 / 1000,
      unit: 's',
      target: { atMost: 1 },
      from: `${found.windows} windows; p50 ${ms(found.closed50)}, slowest ${ms(found.closed100)}; found due until recorded p50 ${ms(found.due50)}, p99 ${ms(found.due99)}; CPU ${cpu.toFixed(1)} s in ${rate.seconds} s`,
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
