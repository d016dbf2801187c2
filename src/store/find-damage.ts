import type { Engine } from '../engine/engine.ts';
import { type KeptTable, keptParams, keptTables } from './kept-tables.ts';
import { findLedgerLoss, type LedgerState, readLedgerState } from './ledger-mark.ts';
import { readWholeSince } from './retention.ts';

/**
 * Compares what the tables hold with what the ledger recorded as stored. Reads counts, sums of the ledger
 * and names of parts only. Damage inside a part is found when the part is
 * read, or by `tailrace verify`.
 * @param moment `opened` when this process stores nothing yet
 * @param known the state of the ledger, if it was read already
 * @returns one text per problem, e.g. `requests: 12 of 100 rows are missing`
 */
export async function findDamage(
  engine: Engine,
  moment: 'opened' | 'in use',
  known?: LedgerState,
): Promise<readonly string[]> {
  const state = known ?? (await readLedgerState(engine));
  const ledgerLoss = findLedgerLoss(state);
  return [
    ...describeParts(state.detached),
    ...(ledgerLoss === undefined ? [] : [`ledger: ${ledgerLoss}`]),
    ...(await compareCounts(engine, moment === 'opened' && engine.kind === 'embedded')),
  ];
}

function describeParts(parts: readonly { readonly table: string }[]): string[] {
  const counts = new Map<string, number>();
  for (const { table } of parts) counts.set(table, (counts.get(table) ?? 0) + 1);
  return [...counts].map(
    ([table, count]) =>
      `${table}: ${count} ${count === 1 ? 'part' : 'parts'} could not be read and ${count === 1 ? 'was' : 'were'} put aside`,
  );
}

/** By table: all of its lines, and those that retention cannot have deleted. */
type Counts = Readonly<Record<`${KeptTable['name']}_${'all' | 'whole'}`, number>>;

async function compareCounts(engine: Engine, isQuiet: boolean): Promise<string[]> {
  const params = keptParams(await readWholeSince(engine));
  // The ledger is read first, so that batches that other workers close meanwhile do not seem to be missing.
  const [ledger] = await engine.rows<Counts & { objects: number }>({
    sql: `
      SELECT
        sum(entries) AS objects,
        ${keptTables
          .map(
            ({ name, lines, isWhole }) => `sum(${lines}) AS ${name}_all, sumIf(${lines}, ${isWhole}) AS ${name}_whole`,
          )
          .join(', ')}
      FROM (${ledgerSums})`,
    params,
  });
  const [tables] = await engine.rows<Counts & { plans: number; corrections: Readonly<Record<string, number>> }>({
    sql: `
      SELECT
        (SELECT count() FROM plans) AS plans,
        (
          SELECT mapFromArrays(groupArray(toString(name)), groupArray(lines))
          FROM (SELECT table_name AS name, sum(lines) AS lines FROM corrections GROUP BY name)
        ) AS corrections,
        ${keptTables
          .map(
            ({ name, isKept }) =>
              `(SELECT count() FROM ${name}) AS ${name}_all, (SELECT count() FROM ${name} WHERE ${isKept}) AS ${name}_whole`,
          )
          .join(', ')}`,
    params,
  });
  if (!ledger || !tables) throw new Error('BUG: an aggregate without a row');
  // Unfinished batches of a killed process have rows but no ledger entry.
  const isSettled = isQuiet && tables.plans === ledger.objects;
  return keptTables.flatMap((table) => {
    const { name } = table;
    const correction = tables.corrections[name] ?? 0;
    const promised = ledger[`${name}_whole`] + correction;
    return describe(table, {
      promised,
      missing: promised - tables[`${name}_whole`],
      surplus: isSettled ? tables[`${name}_all`] - ledger[`${name}_all`] - Math.max(0, correction) : 0,
    });
  });
}

/** The ledger summed by its projection `sums`, with the columns that the conditions in `kept-tables.ts` need. */
const ledgerSums = `
  SELECT
    entries, rows, log_rows, rejected, first_day AS first_time, stored_day AS stored_at,
    if(is_plain, toDateTime64(0, 3, 'UTC'), toDateTime64('2106-01-01 00:00:00', 3, 'UTC')) AS last_time
  FROM (
    SELECT
      toDate32(l.first_time) AS first_day, l.last_time < '2106-01-01 00:00:00' AS is_plain, toDate32(l.stored_at) AS stored_day,
      count() AS entries, sum(l.rows) AS rows, sum(l.log_rows) AS log_rows, sum(l.rejected) AS rejected
    FROM ledger AS l
    GROUP BY first_day, is_plain, stored_day
  )`;

function describe(
  { name, unit }: KeptTable,
  { missing, surplus, promised }: { missing: number; surplus: number; promised: number },
): string[] {
  const count = (value: number) => value.toLocaleString('en');
  if (missing > 0) return [`${name}: ${count(missing)} of ${count(promised)} ${unit} are missing`];
  if (surplus > 0) return [`${name}: ${count(surplus)} more ${unit} than the ledger has`];
  return [];
}
