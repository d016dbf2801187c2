import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { copyPreparedStore } from '../../test/prepared-store.ts';
import { cloudfrontRealtime } from '../formats/cloudfront-realtime/format.ts';
import { groupBy } from '../ledger/group-by.ts';
import { unfinishedBatches } from '../ledger/plans.ts';
import type { Delivery, Receipt } from '../sources/source.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { openSink, type StoreSink } from './open-sink.ts';
import { type ChooseFault, engineFailure, faultyEngine } from './test-doubles/faulty-engine.ts';

vi.mock('node:timers/promises', async (load) =>
  (await import('./test-doubles/short-pauses.ts')).shortPauses(await load()),
);

/**
 * Any statement may fail, before or after its effect, while many concurrent calls of all kinds give up or commit
 * elsewhere, and sinks are closed during calls. An engine without faults counts what is stored.
 */
const rounds = Number(process.env.TAILRACE_FAULT_ROUNDS ?? 1);
const firstSeed = Number(process.env.TAILRACE_FAULT_SEED ?? Date.now() % 1_000_000);
const callsARound = 20;

const columns = ['timestamp', 'c-ip', 'sc-status', 'sc-bytes', 'cs-method', 'cs-host', 'cs-uri-stem'];

let directory: string;
let store: Store;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tailrace-faults-'));
  store = await openStore({ directory: copyPreparedStore(join(directory, 'store')) });
});

afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

test.each(Array.from({ length: rounds }, (_, round) => firstSeed + round))(
  'whatever fails, every line that was acknowledged is there once, and no other (TAILRACE_FAULT_SEED=%i)',
  async (seed) => {
    const round = new Round(seed);
    await round.play();
    await round.settleLeases();
    await round.expectExactlyOnce();
    await expectBooksBalance();
  },
);

/** What a caller learned about one delivery, and its number of lines. */
interface Told {
  readonly delivery: Delivery;
  readonly lines: number;
  outcome: 'under way' | 'stored' | 'refused' | 'closed';
  receipts: Receipt[];
}

class Round {
  readonly #seed: number;
  readonly #random: () => number;
  readonly #told: Told[] = [];
  /** By origin: the batch in its lease. */
  readonly #committed = new Map<string, string>();
  readonly #leased = new Set<string>();
  readonly #sinks: StoreSink[] = [];
  readonly #calls: Promise<void>[] = [];
  #faultRate = 0;
  #names = 0;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = randomNumbers(seed);
  }

  async play(): Promise<void> {
    this.#openSink();
    this.#openSink();
    this.#faultRate = 0.02 + 0.08 * this.#random();
    for (let call = 0; call < callsARound; call++) {
      this.#calls.push(this.#call());
      if (this.#happens(0.3)) await pause(200 * 20 * this.#random());
      if (this.#happens(0.03)) await this.#replaceSink();
      if (this.#happens(0.05)) this.#sweepSpool();
    }
    await pause(1000 * 20);
    this.#faultRate = 0;
    await Promise.all(this.#calls);
    // Batches left behind are taken back before the next batch of any sink.
    const [sink] = this.#sinks as [StoreSink];
    await sink.store([this.#delivery().delivery]);
    for (const { counts } of this.#sinks) expect(counts).toMatchObject({ waitingBytes: 0, waitingDeliveries: 0 });
    for (const one of this.#sinks) expect(one.pressure().waitingBytes).toBe(0);
    // Callers get their result before the files are removed.
    const inSpools = () => readdirSync(this.#spools).flatMap((name) => readdirSync(join(this.#spools, name)));
    await expect.poll(inSpools).toEqual([]);
    await Promise.all(this.#sinks.map((one) => one.close()));
    expect(readdirSync(this.#spools)).toEqual([]);
  }

  /** Settles like the next owner of the leases. */
  async settleLeases(): Promise<void> {
    const sink = openSink(store, { spoolDirectory: join(directory, 'settling') });
    const unfinished = await sink.unfinished(this.#told.map(({ delivery }) => delivery.origin));
    await sink.settle(unfinished, [...this.#committed.values()]);
    await sink.close();
  }

  async expectExactlyOnce(): Promise<void> {
    const stored = await storedLines();
    const closed = await ledgerVersions();
    const byIdentity = groupBy(this.#told, ({ delivery }) => identity(delivery));
    for (const [name, told] of byIdentity) {
      const [{ lines, delivery }] = told as [Told];
      expect(told.map(({ outcome }) => outcome)).not.toContain('under way');
      const isStored = told.some(({ outcome }) => outcome === 'stored');
      // When a sink is closed during a call, the ledger shows the call's outcome.
      const mayBeStored = isStored || told.some(({ outcome }) => outcome === 'closed');
      const copies = closed.get(name) ?? 0;
      expect(copies, `ledger rows of ${name}`).toBeLessThanOrEqual(mayBeStored ? 1 : 0);
      if (isStored) expect(copies, `ledger rows of ${name}`).toBe(1);
      expect(stored.get(delivery.origin) ?? 0, `lines of ${name}`).toBe(copies * lines);
      const fresh = told.flatMap(({ receipts }) => receipts).filter(({ known }) => !known);
      expect(fresh.length, `receipts of ${name}`).toBeLessThanOrEqual(1);
      for (const receipt of fresh) expect(receipt.lines).toBe(lines);
    }
  }

  #happens(chance: number): boolean {
    return this.#random() < chance;
  }

  get #spools(): string {
    return join(directory, `spools-${this.#seed}`);
  }

  #openSink(): StoreSink {
    const context = { ...store, engine: this.#engine };
    const sink = openSink(context, {
      hints: { format: cloudfrontRealtime, columns },
      spoolDirectory: join(this.#spools, `${++this.#names}`),
    });
    this.#sinks.push(sink);
    return sink;
  }

  /** Stops a pipeline in the middle of its work, and starts another one in its place. */
  async #replaceSink(): Promise<void> {
    const [gone] = this.#sinks.splice(0, 1);
    const closing = gone?.close();
    this.#openSink();
    await closing;
  }

  /** A cleanup of temporary files. */
  #sweepSpool(): void {
    for (const name of readdirSync(this.#spools)) {
      if (existsSync(join(this.#spools, name))) rmSync(join(this.#spools, name), { recursive: true, force: true });
    }
  }

  readonly #choose: ChooseFault = (sql) => {
    if (!this.#happens(this.#faultRate)) return undefined;
    const when = this.#happens(0.5) ? 'before' : 'after';
    // Only failures while reading bytes can be permanent.
    const kinds = sql === 'INSERT INTO landing' ? 4 : 2;
    const error = [
      () => engineFailure('TAILRACE_STORE_UNAVAILABLE'),
      () => engineFailure('TAILRACE_DISK_FULL'),
      () => engineFailure('TAILRACE_QUERY_LIMIT', false),
      () => engineFailure('TAILRACE_QUERY_FAILED', false),
    ][Math.floor(this.#random() * kinds)] as () => Error;
    return { when, error: error() };
  };

  /** Shared by all sinks of the round, as in a process. */
  get #engine(): Store['engine'] {
    this.#faulty ??= faultyEngine(store.engine, this.#choose);
    return this.#faulty;
  }
  #faulty: Store['engine'] | undefined;

  async #call(): Promise<void> {
    const sink = this.#sinks[Math.floor(this.#random() * this.#sinks.length)] as StoreSink;
    // A worker that was stopped during a commit reads the lease before it continues.
    const again = this.#told.filter(
      ({ outcome, delivery }) =>
        outcome === 'stored' || outcome === 'refused' || (outcome === 'closed' && !this.#leased.has(delivery.origin)),
    );
    const told = Array.from({ length: 1 + Math.floor(this.#random() * 3) }, () => this.#delivery());
    if (this.#happens(0.2) && again.length > 0) {
      const repeated = again[Math.floor(this.#random() * again.length)] as Told;
      told.push({ ...repeated, outcome: 'under way', receipts: [] });
    }
    if (this.#happens(0.1)) told.push({ ...(told[0] as Told), receipts: [] });
    this.#told.push(...told);
    const giveUp = new AbortController();
    if (this.#happens(0.3)) void pause(4000 * 20 * this.#random()).then(() => giveUp.abort(new Error('gave up')));
    const options = { signal: giveUp.signal, ...(this.#happens(0.3) ? { commit: this.#commitOf(told) } : {}) };
    try {
      const receipts = await sink.store(
        told.map(({ delivery }) => delivery),
        options,
      );
      for (const [index, one] of told.entries()) {
        one.outcome = 'stored';
        one.receipts.push(receipts[index] as Receipt);
      }
    } catch (cause) {
      const { message } = cause as Error;
      expect(message).toMatch(/gave up|the lease is lost|tailrace is stopping/);
      for (const one of told) one.outcome = message.includes('stopping') ? 'closed' : 'refused';
    }
  }

  #commitOf(told: readonly Told[]): (batch: string) => Promise<void> {
    const isLost = this.#happens(0.3);
    for (const { delivery } of told) this.#leased.add(delivery.origin);
    return async (batch) => {
      await pause(100 * 20 * this.#random());
      if (isLost) throw new Error('the lease is lost');
      for (const { delivery } of told) this.#committed.set(delivery.origin, batch);
    };
  }

  #delivery(): Told {
    const origin = `faults://${this.#seed}/${++this.#names}`;
    const lines = Math.floor(this.#random() * 5);
    const text = Array.from({ length: lines }, (_, number) =>
      this.#happens(0.1) ? `no line ${number}\n` : `1700000000.123\t192.0.2.1\t200\t10\tGET\texample.org\t/${number}\n`,
    ).join('');
    const identical = { origin, version: '1', context: { filename: origin } };
    return { delivery: { ...identical, content: this.#content(text) }, lines, outcome: 'under way', receipts: [] };
  }

  #content(text: string): Delivery['content'] {
    if (this.#happens(0.8) || text === '') return { kind: 'lines', chunks: [Buffer.from(text)] };
    const path = join(directory, `file-${this.#seed}-${this.#names}`);
    writeFileSync(path, text);
    return { kind: 'file', path };
  }
}

/** Mulberry32, which is in the public domain: reproducible random numbers from 0 to 1. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function identity({ origin, version }: Delivery): string {
  return `${origin} ${version}`;
}

/** By origin, wherever they are; `filename` is the origin here. */
async function storedLines(): Promise<Map<string, number>> {
  const rows = await store.engine.rows<{ origin: string; count: number }>({
    sql: `
      SELECT origin, toUInt32(count()) AS count
      FROM (SELECT filename AS origin FROM requests UNION ALL SELECT origin FROM rejects)
      GROUP BY origin`,
  });
  return new Map(rows.map(({ origin, count }) => [origin, count]));
}

async function ledgerVersions(): Promise<Map<string, number>> {
  const rows = await store.engine.rows<{ name: string; count: number }>({
    sql: "SELECT concat(origin, ' ', version) AS name, toUInt32(count()) AS count FROM ledger GROUP BY name",
  });
  return new Map(rows.map(({ name, count }) => [name, count]));
}

async function expectBooksBalance(): Promise<void> {
  const batchesOf = (table: string) => `(SELECT batch, count() AS count FROM ${table} GROUP BY batch)`;
  const odd = await store.engine.rows({
    sql: `
      SELECT batch, sum(l.rows) AS rows, any(r.count) AS stored, sum(l.rejected) AS rejected, any(j.count) AS kept
      FROM ledger AS l
      FULL JOIN ${batchesOf('requests')} AS r USING batch
      FULL JOIN ${batchesOf('rejects')} AS j USING batch
      GROUP BY batch
      HAVING rows != stored OR rejected != kept`,
  });
  expect(odd).toEqual([]);
  expect(await unfinishedBatches(store.engine)).toEqual([]);
  expect(
    await store.engine.rows({ sql: 'SELECT batch FROM plans WHERE batch NOT IN (SELECT batch FROM ledger)' }),
  ).toEqual([]);
}
