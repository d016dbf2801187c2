import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../../bench/traffic/random.ts';
import { type Sign, waitForSign } from './kill-aim.ts';
import { expectFine, killAt } from './kill-program.ts';
import { makeScratchFolder } from './scratch-folder.ts';

/** More in a campaign: `npm run test:kill-keep`. */
export const keepKills = Number(process.env.TAILRACE_KEEP_KILLS ?? 1);
export const keepSeed = Number(process.env.TAILRACE_SEED ?? Date.now() % 1_000_000);

export interface KilledCommand {
  /** A store that nothing has open. Each run works on a copy. */
  readonly template: string;
  readonly command: (store: string) => readonly string[];
  /** What may go on after a kill; the command itself does in the end. */
  readonly goOn: readonly ((store: string) => readonly string[])[];
  /** What the command does, by what appears in the folders of its tables. */
  readonly signs: Readonly<Record<string, Sign>>;
  /** Fails unless the copy is as it must be in the end. */
  readonly check: (store: string) => Promise<void>;
}

/** Of those that go on, so many are killed too. */
const goesOnKilled = 0.6;
const anyTime = 'any time';

/** Kills a command at moments of its own on copies of a store, lets another one go on, and checks the copies. */
export async function killOnCopies({ template, command, goOn, signs, check }: KilledCommand): Promise<void> {
  const folder = makeScratchFolder();
  const random = new Random(keepSeed, 0x6b13);
  const aims = [anyTime, ...Object.keys(signs)];
  const counts = new Map(aims.map((aim) => [aim, 0]));
  let [kills, copies, finished] = [0, 0, 0];
  const copy = () => {
    const store = join(folder, `store-${++copies}`);
    execFileSync('cp', ['-a', template, store]);
    return store;
  };

  const undisturbed = copy();
  const started = performance.now();
  await expectFine(command(undisturbed));
  const wholeMs = performance.now() - started;
  await check(undisturbed);
  while (kills < keepKills) {
    const store = copy();
    let next = command;
    do {
      const aim = aims[(kills + finished) % aims.length] ?? anyTime;
      const sign = signs[aim];
      const moment = sign
        ? waitForSign(sign, store, random)
        : sleep(random.fraction() * wholeMs, undefined, { ref: false });
      if (!(await killAt(moment, next(store), { withEngine: random.chance(0.5) }))) {
        if (++finished > 20 + 5 * keepKills) throw new Error(`the program finishes before it is killed: ${aim}`);
        break;
      }
      kills++;
      counts.set(aim, (counts.get(aim) ?? 0) + 1);
      next = random.pick(goOn);
    } while (kills < keepKills && random.chance(goesOnKilled));
    const last = random.pick(goOn);
    await expectFine(last(store));
    if (last !== command) await expectFine(command(store));
    await check(store);
    rmSync(store, { recursive: true });
  }
  const told = [...counts].map(([aim, count]) => `${aim} ${count}`).join(', ');
  console.info(`${kills} kills, TAILRACE_SEED=${keepSeed}: ${told}; finished before: ${finished}`);
}
