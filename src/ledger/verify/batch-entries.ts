import type { Engine } from '../../engine/engine.ts';
import { groupBy } from '../group-by.ts';

/** An object as the ledger has it. */
export interface LedgerEntry {
  readonly batch: string;
  readonly origin: string;
  readonly version: string;
  readonly bytes: number;
  readonly pipeline: string;
}

const columns = 'toString(batch) AS batch, origin, version, bytes, pipeline';

/** The ledger's entries of these batches, by batch. */
export async function readEntries(engine: Engine, batches: readonly string[]): Promise<Map<string, LedgerEntry[]>> {
  const entries = await engine.rows<LedgerEntry>({
    sql: `SELECT ${columns} FROM ledger WHERE batch IN {batches:Array(UInt64)}`,
    params: { batches: batches.map(BigInt) },
  });
  return groupBy(entries, ({ batch }) => batch);
}

/** Every entry of these origins, oldest first, by origin. */
export async function readOrigins(engine: Engine, origins: readonly string[]): Promise<Map<string, LedgerEntry[]>> {
  const entries = await engine.rows<LedgerEntry>({
    sql: `SELECT ${columns} FROM ledger AS l WHERE origin IN {origins:Array(String)} ORDER BY l.batch`,
    params: { origins },
  });
  return groupBy(entries, ({ origin }) => origin);
}
