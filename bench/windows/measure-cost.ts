import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { alternate, cpuSecondsOf, type Run, secondsOf } from '../comparisons/runs.ts';
import type { Finding } from '../findings.ts';
import { writeLogs } from '../traffic/write-logs.ts';
import type { BenchConfiguration } from './configuration.ts';
import { requestLine } from './request-lines.ts';
import { WindowWorker } from './window-worker.ts';

/** Both kinds of run go on for at least as long, so that merges and sums of both are counted. */
const settleMs = 15_000;
const eventsPerSecond = 10_000;
const viewers = 20_000;

type Logs = NonNullable<BenchConfiguration['logs']>;

/** What the three queries cost while files are ingested at full speed: a day with few requests a second, and seconds with many. */
export async function measureCost(work: string, rows: number, repeat: number): Promise<Finding[]> {
  const day = await writeLogs({ rows, directory: join(work, 'day'), layout: 'one' });
  return [
    ...(await compare(
      work,
      { path: day.files[0] ?? '', format: 'cloudfront-standard' },
      { what: 'a day', rows, repeat },
    )),
    ...(await compare(work, await writeDense(work, rows), {
      what: `${eventsPerSecond.toLocaleString('en')} requests a second`,
      rows,
      repeat,
    })),
  ];
}

async function writeDense(work: string, rows: number): Promise<Logs> {
  const path = join(work, 'dense.log');
  const firstMs = Date.now() - 3_600_000;
  function* blocks() {
    for (let from = 0; from < rows; from += 1000)
      yield Array.from({ length: Math.min(1000, rows - from) }, (_, index) => {
        const number = from + index;
        return requestLine(number, firstMs + Math.floor((number * 1000) / eventsPerSecond), viewers);
      }).join('');
  }
  await pipeline(Readable.from(blocks()), createWriteStream(path));
  return { path, format: 'cloudfront-realtime' };
}

interface Compared {
  readonly what: string;
  readonly rows: number;
  readonly repeat: number;
}

/** Time until all rows are visible, CPU time until all is done. */
async function compare(work: string, logs: Logs, { what, rows, repeat }: Compared): Promise<Finding[]> {
  const run = (hasWindows: boolean) => async (): Promise<Run> => {
    const store = join(work, 'store');
    const worker = await WindowWorker.start(join(work, 'tailrace.yaml'), { store, logs, hasWindows });
    try {
      const startedAt = performance.now();
      const cpuBefore = worker.cpuSeconds();
      await worker.untilVisible(rows);
      const seconds = (performance.now() - startedAt) / 1000;
      await Promise.all([sleep(settleMs), hasWindows ? worker.untilEmitted(rows) : undefined]);
      return { seconds, cpuSeconds: worker.cpuSeconds() - cpuBefore };
    } finally {
      await worker.stop();
      await rm(store, { recursive: true, force: true });
    }
  };
  const runs = await alternate(repeat, { alone: run(false), 'with windows': run(true) }, `, ${what}`);
  const [alone, both] = [runs.alone, runs['with windows']];
  const share = (of: (runs: readonly Run[]) => number) => 1 - of(alone) / of(both);
  const text = (of: (runs: readonly Run[]) => number) => `${of(both).toFixed(2)} s against ${of(alone).toFixed(2)} s`;
  return [
    {
      name: `share of the ingest rate that windows take, ${what}`,
      value: share(secondsOf),
      unit: '×',
      target: { atMost: 0.25 },
      cpu: share(cpuSecondsOf),
      from: `${rows.toLocaleString('en')} rows: visible after ${text(secondsOf)}; all done by CPU ${text(cpuSecondsOf)}`,
    },
  ];
}
