import { afterAll, expect, test } from 'vitest';
import { recoverBatches } from '../../src/ledger/recover-batches.ts';
import { engineFailure, faultyEngine } from '../../src/pipeline/test-doubles/faulty-engine.ts';
import type { ScratchStore } from '../../src/pipeline/test-doubles/scratch-store.ts';
import { killedEngine } from './killed-engine.ts';
import { SourceTrial } from './source-trial.ts';
import type { SourceCase, SourceUnderTest } from './source-under-test.ts';

/** What every source and intake must do, whatever happens: store each line once, and only then acknowledge it. */
export function testSource(source: SourceUnderTest, scratch: () => ScratchStore): void {
  afterAll(() => source.close?.());

  function testCase(name: SourceCase, body: (trial: SourceTrial) => Promise<void>): void {
    const reason = source.exceptions[name];
    // Not a skipped test: nothing would make it run.
    if (reason !== undefined) {
      console.info(`not applicable: ${source.name}, ${name}: ${reason}`);
      return;
    }
    test(name, async () => {
      const input = await source.openInput(scratch().folder());
      const trial = new SourceTrial(scratch(), input);
      try {
        await body(trial);
        await trial.expectStoredOnce();
      } finally {
        await trial.stopAll();
        await input.close?.();
      }
    });
  }

  testCase('restart', async (trial) => {
    await trial.offer('1');
    const first = await trial.start();
    await trial.untilTaken();
    await first.stop();
    await trial.start();
    await trial.offer('2');
    await trial.untilTaken();
  });

  for (const moment of ['before the close', 'after the close'] as const) {
    testCase(`kill ${moment}`, async (trial) => {
      await trial.offer('1');
      await trial.offer('2');
      const { engine, died } = killedEngine(scratch().store.engine, moment);
      const killed = await trial.start(engine);
      await died;
      killed.abandon();
      // As the next program does when it opens the store.
      const recovered = await recoverBatches(scratch().store.engine);
      const stored = await trial.storedMessages();
      if (moment === 'after the close') expect(stored).not.toEqual([]);
      else expect({ isLeft: recovered > 0, stored }).toEqual({ isLeft: true, stored: [] });
      await trial.start();
      await trial.untilTaken();
    });
  }

  testCase('store away and back', async (trial) => {
    let isAway = true;
    let failures = 0;
    const engine = faultyEngine(scratch().store.engine, () => {
      if (!isAway) return undefined;
      failures++;
      return { when: 'before', error: engineFailure() };
    });
    await trial.offer('1');
    await trial.start(engine);
    await expect.poll(() => failures).toBeGreaterThan(1);
    expect(await trial.unacknowledged()).toBeGreaterThan(0);
    isAway = false;
    await trial.offer('2');
    await trial.untilTaken();
  });

  testCase('two pipelines', async (trial) => {
    await trial.offer('1');
    await trial.offer('2');
    const runs = await Promise.allSettled([trial.start(), trial.start()]);
    const refused = runs.filter((run) => run.status === 'rejected').map(({ reason }) => String(reason));
    if (trial.input.exclusiveInput) expect(refused).toEqual([expect.stringContaining('reads it; remove one')]);
    else expect(refused).toEqual([]);
    await trial.input.repeat?.('1');
    await trial.untilTaken();
  });

  testCase('duplicate delivery', async (trial) => {
    await trial.offer('1');
    await trial.input.repeat?.('1');
    await trial.start();
    await trial.untilTaken();
    await trial.input.repeat?.('1');
    await trial.offer('2');
    await trial.untilTaken();
  });

  testCase('reordered delivery', async (trial) => {
    await trial.start();
    await trial.offer('2');
    await trial.untilTaken();
    await trial.offer('1');
    await trial.input.repeat?.('2');
    await trial.untilTaken();
  });

  testCase('empty delivery', async (trial) => {
    const before = await countRejects(scratch());
    await trial.input.offer('1', []);
    await trial.start();
    await trial.untilTaken();
    await trial.offer('2');
    await trial.untilTaken();
    expect({ kept: await countRejects(scratch()), refused: trial.input.refused?.() ?? 0 }).toEqual({
      kept: before,
      refused: 0,
    });
  });

  testCase('unparsable delivery', async (trial) => {
    const before = await countRejects(scratch());
    await trial.input.offer('1', 'unparsable');
    await trial.start();
    await trial.untilTaken();
    await trial.offer('2');
    await trial.untilTaken();
    const kept = (await countRejects(scratch())) - before;
    if (source.unparsable === 'rejected') expect(kept).toBeGreaterThan(0);
    else expect({ kept, refused: trial.input.refused?.() }).toEqual({ kept: 0, refused: 1 });
  });
}

/** Rejects with a reason; one without would not count. */
async function countRejects({ store }: ScratchStore): Promise<number> {
  const [row] = await store.engine.rows<{ count: number }>({
    sql: "SELECT count() AS count FROM rejects WHERE reason != ''",
  });
  return row?.count ?? 0;
}
