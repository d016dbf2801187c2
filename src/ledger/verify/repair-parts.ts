import type { Engine } from '../../engine/engine.ts';
import type { DamagedPart } from '../../store/check-parts.ts';
import { type DetachedPart, detachPart, readDetachedParts } from '../../store/detached-parts.ts';
import { restorePart } from '../../store/restore-part.ts';
import { isMissing } from './is-missing.ts';
import type { Repair } from './repair.ts';

/** The books come first, because they show which rows are missing. */
const tables = ['ledger', 'plans', 'tallies', 'requests', 'logs', 'rejects'];

/**
 * Detaches parts that cannot be read, and restores the rows of detached parts as far as they can be read; those of a
 * server are on another machine.
 * @returns the parts that are detached now
 */
export async function repairParts(
  engine: Engine,
  damaged: readonly DamagedPart[],
  repair: Repair,
): Promise<readonly DetachedPart[]> {
  for (const { table, part, isAside, projection } of damaged) {
    // The engine works without a damaged projection; it is worth a risk only where it can be rebuilt.
    if (!isAside && (engine.kind === 'embedded' || projection === undefined)) await detachPart(engine, table, part);
  }
  const aside = await readDetachedParts(engine);
  if (engine.kind === 'server') return aside;
  for (const part of aside.toSorted((one, other) => tables.indexOf(one.table) - tables.indexOf(other.table))) {
    const known = damaged.find(({ table, part: name }) => table === part.table && name === part.part);
    // The engine takes long to test whether a damaged block differs in a single bit.
    const restored = known?.hasLostRows
      ? { problem: known.problem }
      : await restorePart(engine, part, (rows) => isMissing(engine, part.table, rows));
    if ('rows' in restored) {
      repair.restoredRows += restored.rows;
    } else {
      repair.unread.push({ table: part.table, part: part.part, ...restored });
      if (/^(user_agent|geo)_/.test(part.table)) await forgetDataSets(engine);
    }
  }
  return aside;
}

/** Lookup tables of enrichment are reloaded at the next start. */
async function forgetDataSets(engine: Engine): Promise<void> {
  for (const table of ['user_agent_rule_sets', 'geo_network_sets']) {
    await engine.run({ sql: `TRUNCATE TABLE IF EXISTS ${table}` });
  }
}
