import { appendFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { disorderMs } from './configuration.ts';
import { requestLine } from './request-lines.ts';
import { until } from './until.ts';

export const viewers = 20_000;
const everyMs = 100;
/** Of the first seconds, when everything happens for the first time. */
export const warmUpMs = 15_000;

export interface Rate {
  readonly perSecond: number;
  readonly seconds: number;
}

/** A program that follows a log and answers the three queries. */
export interface RunningProgram {
  /** So far. */
  cpuSeconds(): number;
  peakBytes(): number;
  /** End of the newest window of `bytes_transferred` that can be seen, epoch ms; 0 when there is none. */
  newestWindowMs(): Promise<number>;
  stop(): Promise<void>;
}

/** Lines of one moment that were appended together. */
export interface Turn {
  /** Time of their requests, and when they were handed over; epoch ms. */
  readonly eventMs: number;
  readonly handedMs: number;
}

export interface LiveRun {
  readonly turns: readonly Turn[];
  /** While lines came, and until what was due had time to be emitted. */
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

/** Appends lines to the log of a program at a steady rate, and stops the program once the windows that are over are emitted. */
export async function runAtRate(program: RunningProgram, log: string, rate: Rate): Promise<LiveRun> {
  try {
    const before = program.cpuSeconds();
    const turns = await writeSteadily(log, rate);
    const lastMs = turns.at(-1)?.eventMs ?? 0;
    await until('the last window to be emitted', async () => (await program.newestWindowMs()) >= lastOverMs(lastMs));
    // Those of the other queries.
    await sleep(disorderMs);
    return { turns, cpuSeconds: program.cpuSeconds() - before, peakBytes: program.peakBytes() };
  } finally {
    await program.stop();
  }
}

/** End of the last window of a second that an event at a moment ends. */
function lastOverMs(eventMs: number): number {
  return Math.floor((eventMs - disorderMs) / 1000) * 1000;
}

async function writeSteadily(path: string, { perSecond, seconds }: Rate): Promise<Turn[]> {
  await writeFile(path, '');
  const startedMs = Date.now();
  const turns: Turn[] = [];
  let written = 0;
  for (let turn = 1; turn * everyMs <= seconds * 1000; turn++) {
    await sleep(Math.max(0, startedMs + turn * everyMs - Date.now()));
    const until = Math.floor((turn * everyMs * perSecond) / 1000);
    const eventMs = Date.now();
    const lines = Array.from({ length: until - written }, (_, index) => requestLine(written + index, eventMs, viewers));
    turns.push({ eventMs, handedMs: Date.now() });
    await appendFile(path, lines.join(''));
    written = until;
  }
  return turns;
}
