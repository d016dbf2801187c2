import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Random } from '../../bench/traffic/random.ts';
import { type FlawedLogs, writeFlawedLogs } from './flawed-logs.ts';
import { chooseAim, waitForAim } from './kill-aim.ts';
import { expectFine, killAt } from './kill-program.ts';
import { type Leftovers, type Moment, momentOf, readLeftovers } from './killed-moment.ts';
import { makeScratchFolder } from './scratch-folder.ts';
import { expectBalancedBooks } from './store-books.ts';

const kills = Number(process.env.TAILRACE_KILLS ?? 4);
const seed = Number(process.env.TAILRACE_SEED ?? Date.now() % 1_000_000);
const rows = Number(process.env.TAILRACE_KILL_ROWS ?? 20_000);

/** An endless round would only show that this machine never lets a run finish. */
const maxKillsPerStore = 12;

test(`${kills} kills lose nothing and store nothing twice (TAILRACE_SEED=${seed})`, {
  timeout: 3_600_000,
}, async () => {
  const folder = makeScratchFolder();
  const logs = await writeFlawedLogs(folder, rows, seed);
  const wholeMs = await timeUndisturbedRun(join(folder, 'undisturbed'), logs);
  const random = new Random(seed, 0x6b11);
  const moments: Moment[] = [];
  for (let round = 1; moments.length < kills; round++) {
    const store = join(folder, `store-${round}`);
    moments.push(...(await killUntilDone(store, logs, kills - moments.length, wholeMs, random)));
    await expectBalancedBooks(store, logs);
  }
  console.info(`${moments.length} kills, TAILRACE_SEED=${seed}: ${countMoments(moments)}`);
});

/** @returns how long a run takes that stores everything */
async function timeUndisturbedRun(store: string, logs: FlawedLogs): Promise<number> {
  const started = performance.now();
  await expectFine(ingestCommand(store, logs));
  const wholeMs = performance.now() - started;
  const { stdout } = await expectFine(ingestCommand(store, logs));
  expect(JSON.parse(stdout)).toMatchObject({ files: 0, known: logs.files.length, lines: 0, rows: 0 });
  return wholeMs;
}

/** Starts the same command repeatedly and kills it, until a run finishes or no kill is planned for it. */
async function killUntilDone(
  store: string,
  logs: FlawedLogs,
  most: number,
  wholeMs: number,
  random: Random,
): Promise<Moment[]> {
  const linesOf = new Map(logs.files.map(({ path, lines }) => [path, lines]));
  const moments: Moment[] = [];
  let before: Leftovers | undefined;
  while (moments.length < Math.min(most, maxKillsPerStore)) {
    const aim = chooseAim(moments.length, random);
    if (!(await killAt(waitForAim(aim, store, wholeMs, random), ingestCommand(store, logs)))) return moments;
    const after = await readLeftovers(store, linesOf);
    moments.push(momentOf(before, after));
    before = after;
  }
  await expectFine(ingestCommand(store, logs));
  return moments;
}

function ingestCommand(store: string, logs: FlawedLogs): string[] {
  return ['ingest', '--store', store, '--json', logs.folder];
}

function countMoments(moments: readonly Moment[]): string {
  const counts = new Map<Moment, number>();
  for (const moment of moments) counts.set(moment, (counts.get(moment) ?? 0) + 1);
  return [...counts].map(([moment, count]) => `${moment} ${count}`).join(', ');
}
