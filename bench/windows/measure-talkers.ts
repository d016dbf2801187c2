import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Finding } from '../findings.ts';
import { requestLine } from './request-lines.ts';
import { WindowWorker } from './window-worker.ts';

const idleMs = 15_000;

/** Memory of the program with its engine while it folds and emits one minute with as many viewers as requests, over what it has without windows. */
export async function measureTalkers(work: string, viewers: number): Promise<Finding[]> {
  const store = join(work, 'talkers');
  const path = join(work, 'talkers.log');
  const config = join(work, 'talkers.yaml');
  const minuteMs = Math.floor(Date.now() / 60_000) * 60_000 - 600_000;
  function* blocks() {
    for (let from = 0; from < viewers; from += 1000)
      yield Array.from({ length: Math.min(1000, viewers - from) }, (_, index) =>
        requestLine(from + index, minuteMs + Math.floor(((from + index) * 60_000) / viewers), viewers),
      ).join('');
  }
  await pipeline(Readable.from(blocks()), createWriteStream(path));
  const logs = { path, format: 'cloudfront-realtime' } as const;
  const filling = await WindowWorker.start(config, { store, logs, hasWindows: false });
  await filling.untilVisible(viewers).finally(() => filling.stop());
  await rm(path);
  const peak = async (hasWindows: boolean): Promise<number> => {
    const worker = await WindowWorker.start(config, { store, hasWindows });
    try {
      await worker.untilVisible(viewers);
      await Promise.all([sleep(idleMs), hasWindows ? worker.untilEmitted(viewers) : undefined]);
      return worker.peakBytes();
    } finally {
      await worker.stop();
    }
  };
  const base = await peak(false);
  const whole = await peak(true);
  return [
    {
      name: `memory for ${viewers.toLocaleString('en')} viewers in a window`,
      value: (whole - base) / 1e6,
      unit: 'MB',
      target: { atMost: 300 },
      from: `${Math.round(whole / 1e6)} MB at most with the three queries, ${Math.round(base / 1e6)} MB without them`,
    },
  ];
}
