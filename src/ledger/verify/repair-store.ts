import type { Engine } from '../../engine/engine.ts';
import { EngineError } from '../../engine/engine-error.ts';
import { dropDetachedPart } from '../../store/detached-parts.ts';
import { acceptLedger, findLedgerLoss, markLedger, readLedgerState } from '../../store/ledger-mark.ts';
import { rewriteLedger } from '../close-batch.ts';
import { writeEvent } from '../events.ts';
import { purgeBatches } from '../purge-batches.ts';
import { trustedWorkers } from '../worker.ts';
import { chunks } from './chunks.ts';
import { compareBatches } from './compare-batches.ts';
import { correctBatches, dropBatches } from './correct-batches.ts';
import { findOpenBatches } from './open-batches.ts';
import { beginRepair, describeRepair, type Repair } from './repair.ts';
import { repairParts } from './repair-parts.ts';
import { findDoubles } from './stored-twice.ts';
import type { Verification } from './verify-store.ts';

/**
 * Makes the books balance again without losing anything recoverable: reads what can be read, takes back whole batches
 * that can be stored again completely, and records what is lost. After an interrupted repair nothing can be stored
 * until it is run again.
 * @throws EngineError when other workers are using the store
 */
export async function repairStore(engine: Engine, { parts }: Verification): Promise<Repair> {
  await refuseBesideOthers(engine);
  const hasLoss = findLedgerLoss(await readLedgerState(engine)) !== undefined;
  // Entries that are removed from the ledger below look like a loss until the end.
  if (!hasLoss) await markLedger(engine);
  const repair = beginRepair();
  const aside = await repairParts(engine, parts, repair);
  await settleOpenBatches(engine, repair, hasLoss);
  const seen = new Set<string>();
  for (let odd = await compareBatches(engine, []); odd.length > 0; odd = await compareBatches(engine, [])) {
    const isStuck = odd.every(({ batch, table }) => seen.has(`${batch} ${table}`));
    if (isStuck) throw new Error(`BUG: batch ${odd[0]?.batch} does not balance however it is corrected`);
    for (const { batch, table } of odd) seen.add(`${batch} ${table}`);
    await correctBatches(engine, odd, repair);
  }
  const doubles = await findDoubles(engine);
  for (const some of chunks(doubles)) await dropBatches(engine, some);
  repair.doubledBatches = doubles.length;
  for (const { table, name } of aside) await dropDetachedPart(engine, table, name);
  await acceptLedger(engine);
  await writeEvent(engine, { name: 'store_repaired', origin: '', batch: '0', detail: describeRepair(repair) });
  return repair;
}

async function refuseBesideOthers(engine: Engine): Promise<void> {
  if (engine.kind === 'embedded') return;
  const [found] = await engine.rows<{ workers: number }>({ sql: `SELECT count() AS workers FROM (${trustedWorkers})` });
  if (!found?.workers) return;
  throw new EngineError(
    'TAILRACE_STORE_UNAVAILABLE',
    `cannot repair the store: workers that store into it: ${found.workers}; stop them, and run it again in a minute`,
    { retryable: true },
  );
}

/** Closes stored batches again that the ledger has lost, and takes back all others that are not closed. */
async function settleOpenBatches(engine: Engine, repair: Repair, hasLoss: boolean): Promise<void> {
  const open = await findOpenBatches(engine, [], hasLoss);
  const complete = open.filter(({ isComplete }) => isComplete).map(({ batch }) => batch);
  for (const some of chunks(complete)) await rewriteLedger(engine, some);
  const rest = open.filter(({ isComplete }) => !isComplete).map(({ batch }) => batch);
  for (const some of chunks(rest)) await purgeBatches(engine, some);
  repair.rewrittenBatches += complete.length;
}
