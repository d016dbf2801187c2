import type { Engine } from '../../engine/engine.ts';
import { checkParts, type DamagedPart } from '../../store/check-parts.ts';
import { findLedgerLoss, readLedgerState } from '../../store/ledger-mark.ts';
import { type Account, readAccounts } from './accounts.ts';
import { compareBatches, maxOddBatches, type OddBatch } from './compare-batches.ts';
import { findLackingObjects, type LackingObject } from './lacking-objects.ts';
import { findOpenBatches, type OpenBatch } from './open-batches.ts';
import { findStoredTwice, type StoredTwice } from './stored-twice.ts';

/** All damage found in a store. */
export interface Verification {
  /** What was checked. */
  readonly objects: number;
  readonly rows: number;
  readonly rejects: number;
  /** Parts of tables whose files differ from what was written. */
  readonly parts: readonly DamagedPart[];
  /** Batches whose line counts in the tables differ from the ledger; when `hasMore`, only the first of them. */
  readonly batches: readonly OddBatch[];
  readonly hasMore: boolean;
  /** The objects of these batches. */
  readonly lacking: readonly LackingObject[];
  /** Descriptions of damage to the ledger itself. */
  readonly ledgerLoss: string | undefined;
  /**
   * Batches without an entry in the ledger that no worker is storing: a killed process left them, which is not
   * damage, or the ledger has lost them.
   */
  readonly open: readonly OpenBatch[];
  readonly twice: readonly StoredTwice[];
  /** By table; none while the books cannot be read. */
  readonly accounts: readonly Account[];
}

/** Reads the whole store and checks tables and ledger against each other. Changes nothing. */
export async function verifyStore(engine: Engine): Promise<Verification> {
  const parts = await checkParts(engine);
  const [counts = { objects: 0, rows: 0, rejects: 0 }] = await engine.rows<
    Pick<Verification, 'objects' | 'rows' | 'rejects'>
  >({
    sql: `
      SELECT
        (SELECT count() FROM ledger) AS objects,
        (SELECT count() FROM requests) + (SELECT count() FROM logs) AS rows,
        (SELECT count() FROM rejects) AS rejects`,
  });
  return { ...counts, parts, ...(await verifyBooks(engine, parts)) };
}

type Books = Omit<Verification, 'objects' | 'rows' | 'rejects' | 'parts'>;

async function verifyBooks(engine: Engine, parts: readonly DamagedPart[]): Promise<Books> {
  const unread = parts.find(({ table, isAside }) => !isAside && bookTables.includes(table));
  if (unread) {
    const ledgerLoss = `it cannot be compared with anything before ${unread.table} is repaired`;
    return { batches: [], hasMore: false, lacking: [], ledgerLoss, open: [], twice: [], accounts: [] };
  }
  const ledgerLoss = findLedgerLoss(await readLedgerState(engine));
  const batches = await compareBatches(engine, parts);
  const ids = [...new Set(batches.filter(({ isClosed }) => isClosed).map(({ batch }) => batch))];
  return {
    batches,
    hasMore: batches.length === maxOddBatches,
    lacking: await findLackingObjects(engine, ids, parts),
    ledgerLoss,
    // On a server other workers may be storing them.
    open: engine.kind === 'embedded' ? await findOpenBatches(engine, parts, ledgerLoss !== undefined) : [],
    twice: await findStoredTwice(engine),
    accounts: parts.some(({ table, isAside }) => !isAside && table === 'deletions')
      ? []
      : await readAccounts(engine, parts),
  };
}

const bookTables = ['ledger', 'plans', 'tallies', 'corrections', 'ledger_marks', 'expirations'];

export function isSound({ parts, batches, ledgerLoss, twice }: Verification): boolean {
  return [parts, batches, twice].every((list) => list.length === 0) && ledgerLoss === undefined;
}
