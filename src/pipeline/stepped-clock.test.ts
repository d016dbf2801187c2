import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Engine } from '../engine/engine.ts';
import { inspectInput } from '../layouts/inspect-input.ts';
import { KnownHeaders } from '../layouts/known-headers.ts';
import { recoverBatches } from '../ledger/recover-batches.ts';
import { settleBatches } from '../ledger/settle-batches.ts';
import type { StoreSink } from './open-sink.ts';
import { storeBatch, UndecidedCommitError } from './store-batch.ts';
import { header, lines, ScratchStore } from './test-doubles/scratch-store.ts';

let scratch: ScratchStore;
let sink: StoreSink;

beforeAll(async () => {
  scratch = await ScratchStore.open();
  sink = scratch.openSink();
});

afterAll(() => scratch?.close());

afterEach(() => void vi.useRealTimers());

/** Timers stay real; the engine has its own clock. */
function setClock(date: string): void {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(date) });
}

const delivery = (origin: string, version: string) => ({
  origin,
  version,
  content: {
    kind: 'lines' as const,
    chunks: [Buffer.from('{"level":"info","time":1700000000000,"msg":"once"}\n'.repeat(3))],
  },
});

test('what was stored last is what was begun last, whatever the clock says', async () => {
  for (const [version, date] of [
    ['1', '2026-03-01'],
    ['2', '2031-03-01'],
    ['3', '2026-03-01'],
    ['4', '1970-01-01'],
    ['5', '2200-01-01'],
  ] as const) {
    setClock(date);
    await sink.store([delivery('stepped', version)]);
    expect(await sink.lastStored('stepped')).toEqual(new Map([['stepped', version]]));
  }
  const ledger = await scratch.store.engine.rows({
    sql: `SELECT lines, rows FROM ledger WHERE origin = 'stepped' ORDER BY batch`,
  });
  expect(ledger).toEqual(Array.from({ length: 5 }, () => ({ lines: 3, rows: 3 })));
});

test('a new process goes on after the batches of one whose clock was ahead', async () => {
  const { engine } = scratch.store;
  for (const table of ['plans', 'ledger']) {
    await engine.run({
      sql: `INSERT INTO ${table} (batch, object, origin, version) SELECT bitShiftLeft(toUInt64(1), 61), 1, 'ahead', '1'`,
    });
  }
  await recoverBatches(engine);
  await sink.store([delivery('ahead', '2')]);
  expect(await sink.lastStored('ahead')).toEqual(new Map([['ahead', '2']]));
});

test('what a worker stores goes on behind what another one stored by a clock that was ahead', async () => {
  const { engine } = scratch.store;
  await engine.run({
    sql: `INSERT INTO ledger (batch, object, origin, version)
          SELECT bitShiftLeft(toUInt64(1), 62) + number, 1, 'taken-over', toString(number) FROM numbers(2)`,
  });
  expect(await sink.lastStored('taken-over')).toEqual(new Map([['taken-over', '1']]));
  await sink.store([delivery('taken-over', '2')]);
  expect(await sink.lastStored('taken-over')).toEqual(new Map([['taken-over', '2']]));
});

/** Simulates the passing of years: the engine deletes expired rows by its own clock. */
async function letYearsPass(engine: Engine): Promise<void> {
  const tables = await engine.rows<{ name: string; definition: string }>({
    sql: `SELECT name, create_table_query AS definition FROM system.tables
          WHERE database = currentDatabase() AND create_table_query LIKE '% TTL %'`,
  });
  for (const { name, definition } of tables) {
    const [, end, which = ''] = / TTL (.+?)( (?:DELETE )?WHERE .+?)?(?: SETTINGS |$)/.exec(definition) ?? [];
    await engine.run({ sql: `ALTER TABLE ${name} MODIFY TTL ${end} - INTERVAL 9 YEAR${which}` });
    await engine.run({ sql: `OPTIMIZE TABLE ${name} FINAL` });
  }
}

test('a batch that is settled years later has the books that it was counted with', async () => {
  const { engine } = scratch.store;
  const path = scratch.file('late.log', `${header}${lines(7)}no line of it\n`);
  const { file, layout } = await inspectInput(path, {}, { headers: new KnownHeaders() });
  const inputs = [{ file, layout, origin: path, version: '1', fromLine: 0 }];
  let batch = '';
  const undecided = storeBatch(scratch.store, inputs, [], async (id) => {
    batch = id;
    throw new UndecidedCommitError('nobody knows yet');
  });
  await expect(undecided).rejects.toThrow(UndecidedCommitError);
  await letYearsPass(engine);
  await settleBatches(engine, [batch], [batch]);
  expect(await scratch.ledgerOf(path)).toMatchObject([{ lines: 10, rows: 7, rejected: 1, comments: 2 }]);
});
