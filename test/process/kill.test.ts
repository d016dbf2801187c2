import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Random } from '../../bench/traffic/random.ts';
import { type FlawedLogs, writeFlawedLogs } from './flawed-logs.ts';
import { type Leftovers, type Moment, momentOf, readLeftovers } from './killed-moment.ts';
import { runProgram, startProgram } from './program.ts';
import { makeScratchFolder } from './scratch-folder.ts';
import { expectBalancedBooks } from './store-books.ts';

const kills = Number(process.env.TAILRACE_KILLS ?? 4);
const seed = Number(process.env.TAILRACE_SEED ?? Date.now() % 1_000_000);
const rows = Number(process.env.TAILRACE_KILL_ROWS ?? 60_000);

/** A round that goes on and on would only show that this machine never lets a run end. */
const maxKillsPerStore = 12;

test(`${kills} kills lose nothing and store nothing twice (TAILRACE_SEED=${seed})`, { timeout: 3_600_000 }, async () => {
  const folder = makeScratchFolder();
  const logs = await writeFlawedLogs(folder, rows, seed);
  const times = await timeUndisturbedRun(join(folder, 'undisturbed'), logs);
  const random = new Random(seed, 0x6b11);
  const moments: Moment[] = [];
  for (let round = 1; moments.length < kills; round++) {
    const store = join(folder, `store-${round}`);
    moments.push(...(await killUntilDone(store, logs, kills - moments.length, times, random)));
    await expectBalancedBooks(store, logs);
  }
  console.info(`${moments.length} kills, TAILRACE_SEED=${seed}: ${countMoments(moments)}`);
});

interface RunTimes {
  /** A run that stores everything. */
  readonly wholeMs: number;
  /** A run that finds everything stored: opening, looking, closing. */
  readonly openMs: number;
}

async function timeUndisturbedRun(store: string, logs: FlawedLogs): Promise<RunTimes> {
  mkdirSync(store);
  const started = performance.now();
  const first = await runProgram(ingestCommand(store, logs));
  const wholeMs = performance.now() - started;
  expect(first.stderr.replaceAll(/^tailrace: layout_drift.*\n/gm, '')).toBe('');
  await expectBalancedBooks(store, logs);
  const restarted = performance.now();
  const second = await runProgram(ingestCommand(store, logs));
  const openMs = performance.now() - restarted;
  expect(JSON.parse(second.stdout)).toMatchObject({ files: 0, known: logs.files.length, lines: 0, rows: 0 });
  return { wholeMs, openMs };
}

/** Starts the same command again and again, and kills it, until a run comes to its end or has no kill coming. */
async function killUntilDone(
  store: string,
  logs: FlawedLogs,
  most: number,
  { wholeMs, openMs }: RunTimes,
  random: Random,
): Promise<Moment[]> {
  const linesOf = new Map(logs.files.map(({ path, lines }) => [path, lines]));
  const moments: Moment[] = [];
  let before: Leftovers | undefined;
  while (moments.length < Math.min(most, maxKillsPerStore)) {
    // After a kill that left something to take back, every other one tries to hit that.
    const early = before !== undefined && before.unfinished.length > 0 && random.chance(0.5);
    const fromMs = early ? openMs * 0.5 : 0;
    const delayMs = fromMs + random.fraction() * (early ? openMs : wholeMs);
    if (!(await killAfter(store, logs, delayMs))) return moments;
    const after = await readLeftovers(store, linesOf);
    moments.push(momentOf(before, after));
    before = after;
  }
  const { code, stderr } = await runProgram(ingestCommand(store, logs));
  expect({ code, failed: /cannot.*/.exec(stderr)?.[0] }).toEqual({ code: 0, failed: undefined });
  return moments;
}

/** @returns whether the program was killed; false when it came to its end before */
async function killAfter(store: string, logs: FlawedLogs, delayMs: number): Promise<boolean> {
  const program = startProgram(ingestCommand(store, logs));
  await Promise.race([sleep(delayMs), program.ended]);
  program.kill('SIGKILL');
  const { code, stderr } = await program.ended;
  if (code !== null) expect({ code, stderr }).toMatchObject({ code: 0 });
  return code === null;
}

function ingestCommand(store: string, logs: FlawedLogs): string[] {
  return ['ingest', '--store', store, '--json', logs.folder];
}

function countMoments(moments: readonly Moment[]): string {
  const counts = new Map<Moment, number>();
  for (const moment of moments) counts.set(moment, (counts.get(moment) ?? 0) + 1);
  return [...counts].map(([moment, count]) => `${moment} ${count}`).join(', ');
}
