import type { Engine } from '../../engine/engine.ts';
import { rewriteLedger } from '../close-batch.ts';
import { purgeBatches } from '../purge-batches.ts';
import type { LedgerEntry } from './batch-entries.ts';
import { chooseTakeAgain } from './choose-take-again.ts';
import { chunks } from './chunks.ts';
import type { OddBatch } from './compare-batches.ts';
import type { Repair } from './repair.ts';

/**
 * Makes ledger and tables agree about batches: corrects the ledger where it is wrong, takes back what can be stored
 * again, writes off the rest.
 */
export async function correctBatches(engine: Engine, odd: readonly OddBatch[], repair: Repair): Promise<void> {
  for (const some of chunks(idsOf(odd.filter(({ isClosed }) => !isClosed)))) await purgeBatches(engine, some);
  const closed = odd.filter(({ isClosed }) => isClosed);
  const batches = idsOf(closed);
  const wrong = await findWrongEntries(engine, batches);
  for (const some of chunks([...wrong])) {
    await forgetBatches(engine, some);
    await rewriteLedger(engine, some);
  }
  repair.rewrittenBatches += wrong.size;
  const again = await chooseTakeAgain(
    engine,
    batches.filter((batch) => !wrong.has(batch)),
  );
  for (const some of chunks([...again.batches])) await dropBatches(engine, some);
  repair.takenBack.push(...again.entries);
  for (const some of chunks(again.entries)) await recordTakenBack(engine, some);
  await writeOff(
    engine,
    closed.filter(({ batch }) => !wrong.has(batch) && !again.batches.has(batch)),
    repair,
  );
}

/** Removes everything that closed batches stored, and their entries. When interrupted, they are found again as odd. */
export async function dropBatches(engine: Engine, batches: readonly string[]): Promise<void> {
  await purgeBatches(engine, batches);
  await forgetBatches(engine, batches);
}

async function forgetBatches(engine: Engine, batches: readonly string[]): Promise<void> {
  for (const table of ['ledger', 'corrections']) {
    await engine.run({
      sql: `ALTER TABLE ${table} DELETE WHERE batch IN {batches:Array(UInt64)}`,
      params: { batches: batches.map(BigInt) },
      settings: { mutations_sync: 2 },
    });
  }
}

/** Marks these objects, to tell them from others until they are stored again. */
async function recordTakenBack(engine: Engine, entries: readonly LedgerEntry[]): Promise<void> {
  await engine.run({
    sql: `INSERT INTO events (at, name, origin, batch, detail)
          SELECT now64(3), 'object_taken_back', arrayJoin({origins:Array(String)}), 0, 'to be stored again'`,
    params: { origins: entries.map(({ origin }) => origin) },
  });
}

/** Batches whose tallies match the tables, so that the ledger is wrong. */
async function findWrongEntries(engine: Engine, batches: readonly string[]): Promise<ReadonlySet<string>> {
  const wrong = new Set<string>();
  const among = 'batch IN {batches:Array(UInt64)}';
  for (const some of chunks(batches)) {
    const rows = await engine.rows<{ id: string }>({
      sql: `
        SELECT toString(batch) AS id
        FROM (
          SELECT batch, toInt64(lines) AS received, received - comments - rejected - excluded AS rows, toInt64(rejected) AS rejects
          FROM tallies WHERE ${among}
          UNION ALL SELECT batch, 0, -1, 0 FROM requests WHERE ${among}
          UNION ALL SELECT batch, 0, -1, 0 FROM logs WHERE ${among}
          UNION ALL SELECT batch, 0, 0, -1 FROM rejects WHERE ${among}
        )
        WHERE batch IN (SELECT batch FROM plans WHERE ${among})
        GROUP BY batch
        HAVING sum(received) > 0 AND sum(rows) = 0 AND sum(rejects) = 0`,
      params: { batches: some.map(BigInt) },
    });
    for (const { id } of rows) wrong.add(id);
  }
  return wrong;
}

/** The ledger keeps what was once stored; the corrections stop later checks from reporting the difference. */
async function writeOff(engine: Engine, odd: readonly OddBatch[], { lost, surplus }: Repair): Promise<void> {
  const corrections = odd.map(({ batch, table, promised, certain, found }) => ({
    batch,
    table,
    lines: found - (found < certain ? certain : promised),
  }));
  for (const some of chunks(corrections)) {
    await engine.run({
      sql: `
        INSERT INTO corrections (at, batch, table_name, lines)
        SELECT now64(3), row.1, row.2, row.3
        FROM (SELECT arrayJoin(arrayZip({batches:Array(UInt64)}, {tables:Array(String)}, {lines:Array(Int64)})) AS row)`,
      params: {
        batches: some.map(({ batch }) => BigInt(batch)),
        tables: some.map(({ table }) => table),
        lines: some.map(({ lines }) => lines),
      },
    });
  }
  for (const { table, lines } of corrections) {
    const sums = lines < 0 ? lost : surplus;
    sums.set(table, (sums.get(table) ?? 0) + Math.abs(lines));
  }
}

function idsOf(odd: readonly OddBatch[]): string[] {
  return [...new Set(odd.map(({ batch }) => batch))];
}
