import { afterAll, beforeAll, expect, test } from 'vitest';
import { readWaiting } from '../ledger/shipments.ts';
import { ScratchStore } from '../pipeline/test-doubles/scratch-store.ts';
import { cutByHours, readRows } from './read-rows.ts';

let scratch: ScratchStore;

beforeAll(async () => {
  scratch = await ScratchStore.open();
});

afterAll(() => scratch?.close());

test('rows are read in the order of their identity where that is wanted, whatever order the store has', async () => {
  const { engine } = scratch.store;
  const lines = Array.from({ length: 20 }, (_, line) => JSON.stringify({ time: 1_772_359_207_000 - line, msg: line }));
  const chunks = [Buffer.from(`${lines.join('\n')}\n`)];
  const objects = ['one', 'other'].map((origin) => ({
    origin,
    version: '1',
    content: { kind: 'lines' as const, chunks },
  }));
  await scratch.openSink().store(objects);
  const shipper = { engine, destination: 'nobody', pipelines: undefined, worker: '' };
  const { batches } = await readWaiting(shipper, { sequence: 0, position: '0', open: [] }, 10);
  const read = async (isOrdered: boolean) => {
    let text = '';
    for (const batch of batches) {
      const reading = { table: 'logs' as const, select: 'object, line_number', format: 'TSV', isOrdered };
      for await (const chunk of readRows(engine, batch, reading, {}, new AbortController().signal))
        text += Buffer.from(chunk).toString();
    }
    return text.trimEnd().split('\n');
  };
  const identities = [1, 2].flatMap((object) => lines.map((_, line) => `${object}\t${line + 1}`));
  expect(await read(true)).toEqual(identities);
  expect(await read(false)).not.toEqual(identities);
});

test('parts of a large batch select each row once', async () => {
  // The first hour alone is too large for a part.
  const rows = `
    SELECT toDateTime64('2026-03-01 00:00:00', 3, 'UTC') + if(number < 120000, 0, number) AS time, number % 977 AS line_number
    FROM numbers(400000)`;
  const hours = await scratch.store.engine.rows<{ hour: number; rows: number }>({
    sql: `SELECT toUnixTimestamp(toStartOfHour(time)) AS hour, toUInt32(count()) AS rows FROM (${rows}) GROUP BY hour ORDER BY hour`,
  });
  const parts = cutByHours(hours).map((part) => `(true ${part})`);
  const [counted] = await scratch.store.engine.rows<{ notOnce: number; largest: number }>({
    sql: `SELECT countIf(${parts.join(' + ')} != 1) AS notOnce, greatest(${parts.map((part) => `countIf(${part})`)}) AS largest FROM (${rows})`,
  });
  expect(Number(counted?.notOnce)).toBe(0);
  expect(Number(counted?.largest)).toBeLessThanOrEqual(50_000);
  expect(parts.length).toBeLessThan(15);
});
