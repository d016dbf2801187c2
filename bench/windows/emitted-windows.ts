import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { median } from '../classic-queries.ts';
import { realtimeFields } from '../traffic/realtime-fields.ts';
import { disorderMs } from './configuration.ts';
import { type LiveRun, warmUpMs } from './run-at-rate.ts';

/** What a program has emitted for a window. */
export interface EmittedWindow {
  readonly query: string;
  /** End of the window, and when the last of its rows could be seen; epoch ms. */
  readonly endMs: number;
  readonly visibleMs: number;
  /** Sum of that column over the rows. */
  readonly bytes: number;
}

/** From the lines that end a window, handed over, until its rows can be seen; milliseconds. */
export interface Latencies {
  readonly windows: number;
  readonly p50: number;
  readonly p99: number;
  readonly slowest: number;
}

/** Of windows that end after the first seconds, and that a line past their end by the stated disorder has ended; undefined when there are none. */
export function latenciesOf(emitted: readonly EmittedWindow[], { turns }: LiveRun): Latencies | undefined {
  const fromMs = (turns[0]?.eventMs ?? 0) + warmUpMs;
  const latencies = emitted
    .filter(({ endMs }) => endMs >= fromMs)
    .flatMap(({ endMs, visibleMs }) => {
      const ending = turns.find(({ eventMs }) => eventMs >= endMs + disorderMs);
      return ending ? [visibleMs - ending.handedMs] : [];
    })
    .toSorted((one, other) => one - other);
  const slowest = latencies.at(-1);
  if (slowest === undefined) return undefined;
  const p99 = latencies[Math.ceil(latencies.length * 0.99) - 1] ?? slowest;
  return { windows: latencies.length, p50: median(latencies), p99, slowest };
}

/** @throws Error when a window of a second that is over is missing, or has other bytes than its lines: then another question was answered */
export async function assertSameBytes(name: string, emitted: readonly EmittedWindow[], log: string): Promise<void> {
  const bytesAt = realtimeFields.indexOf('sc-bytes');
  const agentAt = realtimeFields.indexOf('cs-user-agent');
  const expected = new Map<string, number>();
  let latestMs = 0;
  for await (const line of createInterface({ input: createReadStream(log) })) {
    const fields = line.split('\t');
    const timeMs = Math.round(Number(fields[0]) * 1000);
    latestMs = timeMs;
    const endMs = (Math.floor(timeMs / 1000) + 1) * 1000;
    for (const query of ['bytes_transferred', ...(fields[agentAt]?.includes('bot') ? ['bot_detection'] : [])]) {
      const key = `${query} until ${endMs}`;
      expected.set(key, (expected.get(key) ?? 0) + Number(fields[bytesAt]));
    }
  }
  const found = new Map(emitted.map(({ query, endMs, bytes }) => [`${query} until ${endMs}`, bytes]));
  for (const [key, bytes] of expected) {
    const isOver = Number(key.split(' ').at(-1)) + disorderMs <= latestMs;
    if (isOver && found.get(key) !== bytes)
      throw new Error(`cannot compare ${name}: ${key} has ${found.get(key)} bytes of ${bytes}`);
  }
}
