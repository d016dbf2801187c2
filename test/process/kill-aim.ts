import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../bench/traffic/random.ts';

/** When a run is killed: at a random time, or soon after the engine has started to write a certain thing. */
export type Aim = 'any time' | keyof typeof signs;

/** What appears in the folder of a table, where the engine keeps each in one of its own. */
export interface Sign {
  readonly tables: readonly string[];
  readonly entry: RegExp;
}

const signs = {
  planning: { tables: ['plans'], entry: /^(tmp_insert_)?all_/ },
  inserting: { tables: ['requests', 'rejects', 'tallies'], entry: /^(tmp_insert_)?(\d{8}|\d{6}|all)_/ },
  closing: { tables: ['ledger'], entry: /^(tmp_insert_)?all_/ },
  'taking back': { tables: ['requests', 'tallies', 'plans'], entry: /^mutation_/ },
} as const satisfies Readonly<Record<string, Sign>>;

const pollMs = 3;
/** Most signs are the first of several: parts, batches, tables. */
const mostSigns = 4;
const mostMsAfterSign = 60;

/** The first kills of a store are one of each; later ones are drawn. */
const aims: readonly Aim[] = ['inserting', 'taking back', 'closing', 'any time', 'planning'];

export function chooseAim(nth: number, random: Random): Aim {
  return aims[nth] ?? random.pick(aims);
}

/**
 * Resolves at the moment of the kill; never, when the sign does not appear.
 * @param longestMs of `any time`
 */
export async function waitForAim(aim: Aim, store: string, longestMs: number, random: Random): Promise<void> {
  if (aim === 'any time') {
    await sleep(random.fraction() * longestMs, undefined, { ref: false });
    return;
  }
  await waitForSign(signs[aim], store, random);
}

/** Resolves soon after the sign, or one of the next; never, when it does not appear. */
export async function waitForSign({ tables, entry }: Sign, store: string, random: Random): Promise<void> {
  const folder = join(store, 'clickhouse', 'data', 'tailrace', random.pick(tables));
  await waitForNewEntries(folder, entry, 1 + random.below(mostSigns));
  await sleep(random.fraction() ** 2 * mostMsAfterSign);
}

function waitForNewEntries(folder: string, pattern: RegExp, count: number): Promise<void> {
  const seen = new Set(readNames(folder));
  let left = count;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      for (const name of readNames(folder)) {
        if (seen.has(name)) continue;
        seen.add(name);
        if (pattern.test(name)) left--;
      }
      if (left > 0) return;
      clearInterval(timer);
      resolve();
    }, pollMs);
    timer.unref();
  });
}

/** A store that is being created has no tables yet. */
function readNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
