import { queryStore } from './program.ts';

/** What a killed run left behind, read with `query`, which repairs nothing. */
export interface Leftovers {
  readonly unfinished: readonly string[];
  readonly planned: number;
  readonly rows: number;
  readonly linesPlanned: number;
  readonly linesReceived: number;
}

export type Moment =
  | 'opening, or between batches'
  | 'planned'
  | 'inserting'
  | 'closing'
  | 'before taking back'
  | 'taking back';

/** @param linesOf lines of each file, by path */
export async function readLeftovers(store: string, linesOf: ReadonlyMap<string, number>): Promise<Leftovers> {
  const open = 'batch NOT IN (SELECT batch FROM ledger)';
  const [counts] = await queryStore<Omit<Leftovers, 'planned' | 'linesPlanned'> & { origins: string[] }>(
    store,
    `SELECT
       groupUniqArray(toString(batch)) AS unfinished,
       groupArray(origin) AS origins,
       (SELECT count() FROM requests WHERE ${open}) AS rows,
       (SELECT sum(lines) FROM tallies WHERE ${open}) AS linesReceived
     FROM plans
     WHERE ${open}`,
  );
  if (!counts) throw new Error('BUG: an aggregate without a row');
  const { origins, ...rest } = counts;
  const linesPlanned = origins.reduce((sum, origin) => sum + (linesOf.get(origin) ?? 0), 0);
  return { ...rest, planned: origins.length, linesPlanned };
}

/** The phase in which a run was killed, derived from the store before and after it. */
export function momentOf(before: Leftovers | undefined, after: Leftovers): Moment {
  const inherited = after.unfinished.filter((batch) => before?.unfinished.includes(batch));
  if (before && inherited.length > 0) {
    return after.rows < before.rows || after.linesReceived < before.linesReceived
      ? 'taking back'
      : 'before taking back';
  }
  if (after.unfinished.length === 0) return 'opening, or between batches';
  if (after.linesReceived === 0) return 'planned';
  return after.linesReceived < after.linesPlanned ? 'inserting' : 'closing';
}
