import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { claimInput } from '../../src/ledger/claim-input.ts';
import { unfinishedBatches } from '../../src/ledger/plans.ts';
import { openSink, type StoreSink } from '../../src/pipeline/open-sink.ts';
import type { ScratchStore } from '../../src/pipeline/test-doubles/scratch-store.ts';
import { patienceMs } from '../patience.ts';
import type { InputUnderTest } from './source-under-test.ts';

const patience = { timeout: patienceMs, interval: 150 };
const messagesOfDelivery = 3;

interface Run {
  /** Ends it, as a program that is told to stop. */
  stop(): Promise<void>;
  /** Leaves it alone, as what a killed program had under way. */
  abandon(): void;
}

/** One input, the runs that read it, and what the store must have of it. */
export class SourceTrial {
  readonly input: InputUnderTest;
  readonly #scratch: ScratchStore;
  readonly #tag = randomUUID();
  readonly #expected: string[] = [];
  readonly #checkpoints: StoreSink;
  readonly #runs = new Set<Run>();
  #failure: unknown;

  constructor(scratch: ScratchStore, input: InputUnderTest) {
    this.#scratch = scratch;
    this.input = input;
    this.#checkpoints = scratch.openSink();
  }

  /** Offers lines that must be stored. */
  async offer(name: string): Promise<void> {
    const messages = Array.from({ length: messagesOfDelivery }, (_, number) => `${this.#tag} ${name} ${number}`);
    this.#expected.push(...messages);
    await this.input.offer(name, messages);
  }

  /** @throws Error when another run has the input */
  async start(engine: Engine = this.#scratch.store.engine): Promise<Run> {
    const { input } = this;
    const exclusive = await input.exclusiveInput?.();
    const claim =
      exclusive === undefined ? undefined : await claimInput({ engine, pipeline: 'conformance' }, exclusive);
    const spoolDirectory = join(this.#scratch.root, 'store', 'spool', randomUUID());
    const sink = openSink({ ...this.#scratch.store, engine }, { spoolDirectory });
    const stopping = new AbortController();
    const running = input.run(sink, stopping.signal).finally(() => sink.close());
    running.catch((cause: unknown) => {
      this.#failure = cause;
    });
    const run: Run = {
      stop: async () => {
        this.#runs.delete(run);
        stopping.abort(new Error('the test stops it'));
        await running;
        await claim?.release();
      },
      abandon: () => {
        this.#runs.delete(run);
        stopping.abort(new Error('killed'));
      },
    };
    this.#runs.add(run);
    return run;
  }

  unacknowledged(): Promise<number> {
    return this.input.unacknowledged(this.#checkpoints);
  }

  /** Waits until everything that was offered is stored and acknowledged. */
  async untilTaken(): Promise<void> {
    const left = async () => {
      if (this.#failure !== undefined) throw this.#failure;
      const unacknowledged = await this.unacknowledged();
      const stored = new Set(unacknowledged > 0 ? [] : await this.storedMessages());
      return { unacknowledged, missing: this.#expected.filter((message) => !stored.has(message)) };
    };
    await expect.poll(left, patience).toEqual({ unacknowledged: 0, missing: [] });
  }

  async storedMessages(): Promise<string[]> {
    const rows = await this.#scratch.store.engine.rows<{ message: string }>({
      sql: 'SELECT message FROM logs WHERE startsWith(message, {tag:String}) ORDER BY message',
      params: { tag: this.#tag },
    });
    return rows.map(({ message }) => message);
  }

  /** Stops every run, which ends what is in flight, and compares the store with what was offered. */
  async expectStoredOnce(): Promise<void> {
    await this.stopAll();
    expect(await this.storedMessages()).toEqual([...this.#expected].sort());
    await expectBooksBalance(this.#scratch.store.engine);
  }

  async stopAll(): Promise<void> {
    for (const run of this.#runs) await run.stop();
  }
}

/** In the whole store: every row belongs to a closed batch, the books of which say so, and no object is there twice. */
async function expectBooksBalance(engine: Engine): Promise<void> {
  const countOf = (table: string) => `(SELECT batch, count() AS count FROM ${table} GROUP BY batch)`;
  const odd = await engine.rows({
    sql: `
      SELECT batch, sum(l.lines) AS lines, sum(l.rows) AS rows, sum(l.rejected) AS rejected,
        any(r.count) + any(g.count) AS stored, any(j.count) AS kept
      FROM ledger AS l
      FULL JOIN ${countOf('requests')} AS r USING batch
      FULL JOIN ${countOf('logs')} AS g USING batch
      FULL JOIN ${countOf('rejects')} AS j USING batch
      GROUP BY batch
      HAVING rows != stored OR rejected != kept OR lines != rows + rejected + sum(l.comments) + sum(l.excluded)`,
  });
  expect(odd, 'batches whose books do not balance').toEqual([]);
  const twice = await engine.rows({
    sql: 'SELECT origin, version, count() AS count FROM ledger GROUP BY origin, version HAVING count > 1',
  });
  expect(twice, 'objects that are stored twice').toEqual([]);
  expect(await unfinishedBatches(engine)).toEqual([]);
}
