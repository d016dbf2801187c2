import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Random } from '../../bench/traffic/random.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { purgeBatches } from '../../src/ledger/purge-batches.ts';
import { storeRandomRequests } from '../../src/reports/test-doubles/random-requests.ts';
import { readContents } from '../../src/rollups/contents.ts';
import { RollupKeeper } from '../../src/rollups/keep-rollups.ts';
import { dayMs } from '../../src/rollups/range.ts';
import { openStore } from '../../src/store/open-store.ts';
import { rollupsByName } from '../../src/store/rollup-tables.ts';
import { copyPreparedStore } from '../prepared-store.ts';
import { engineOf } from './engine-process.ts';
import { makeScratchFolder } from './scratch-folder.ts';

const kills = Number(process.env.TAILRACE_KILLS ?? 2);
const seed = Number(process.env.TAILRACE_SEED ?? Date.now() % 1_000_000);
const hasProc = process.platform === 'linux';
if (!hasProc) console.info('skipped test/process/killed-rollups: the process of the engine is found in /proc');

const startMs = Date.UTC(2026, 2, 1);
const everything = { fromMs: startMs, toMs: startMs + 4 * dayMs };

test.skipIf(!hasProc)(
  `the engine is killed ${kills} times while hours are summed up and rows are taken back: blocks hold what rows do (TAILRACE_SEED=${seed})`,
  { timeout: 120_000 + kills * 60_000 },
  async () => {
    const { engine, close } = await openStore({ directory: copyPreparedStore(makeScratchFolder()) });
    const random = new Random(seed, 0x6b13);
    const sumUp = async () => {
      const keeper = new RollupKeeper(engine, { now: () => everything.toMs });
      await keeper.look();
      await keeper.look();
    };
    /** Listed blocks that stand for the rows of now, and those of them that a rollup does not agree with. */
    const blocks = async () => {
      const listed = (await readContents(engine, everything)).filter(({ block }) => block !== undefined);
      const wrong: string[] = [];
      for (const { table } of Object.values(rollupsByName)) {
        const held = await engine.rows<{ block: string; rows: number }>({
          sql: `SELECT toString(block) AS block, sum(rows) AS rows FROM ${table} GROUP BY block`,
        });
        const rowsOf = new Map(held.map(({ block, rows }) => [block, rows]));
        for (const { block = '', rows, startMs, hours } of listed)
          if (rowsOf.get(block) !== rows)
            wrong.push(`${table} ${new Date(startMs).toISOString()} ${hours} h: ${rowsOf.get(block)} of ${rows}`);
      }
      return { listed: listed.length, wrong };
    };
    try {
      for (let batch = 1; batch <= kills; batch++) {
        await storeRandomRequests(engine, { first: batch * 20_000, count: 3000, hours: 50, batch });
        if (batch === 1) await sumUp();
        await storeRandomRequests(engine, { first: batch * 20_000 + 9000, count: 500, hours: 50, batch: 100 + batch });
        const pid = await engineOf(process.pid);
        const before = await heldRows(engine);
        let isDone = false;
        const work = Promise.allSettled([
          sumUp().finally(() => {
            isDone = true;
          }),
          batch % 2 === 0 ? purgeBatches(engine, [`${batch - 1}`]) : undefined,
        ]);
        // The first of the rollups is written, and the others are not.
        while (!isDone && (await heldRows(engine).catch(() => before)) === before) await pause(2);
        await pause(random.below(20));
        process.kill(pid, 'SIGKILL');
        await work;
        expect((await blocks()).wrong).toEqual([]);
      }
      await purgeBatches(
        engine,
        Array.from({ length: kills }, (_, n) => `${n + 1}`).filter((_, n) => n % 2 === 0),
      );
      await sumUp();
      expect(await blocks()).toEqual({ listed: 50 + 3, wrong: [] });
    } finally {
      await close();
    }
  },
);

async function heldRows(engine: Engine): Promise<number> {
  const [held] = await engine.rows<{ rows: number }>({ sql: 'SELECT count() AS rows FROM rollup_outcomes' });
  return held?.rows ?? 0;
}
