import type { Engine } from '../engine/engine.ts';

/** The tables that retention deletes from. */
export const retainedTables = ['requests', 'logs', 'rejects'] as const;
export type RetainedTable = (typeof retainedTables)[number];

/** How much of a table is kept; null means everything. */
export interface Lifetime {
  /** Since the event; of rejects since their arrival. */
  readonly seconds: number | null;
  /** On disk. */
  readonly bytes: number | null;
}

export type Retention = Readonly<Record<RetainedTable, Lifetime>>;

/** Must be recorded before rows are deleted: it is the only record of why older rows are gone. @param before epoch ms */
export async function recordExpiration(engine: Engine, table: RetainedTable, before: number): Promise<void> {
  await engine.run({
    sql: `INSERT INTO expirations (table_name, before) SELECT {table:String}, {before:DateTime64(3)}`,
    params: { table, before: new Date(before) },
  });
}

/** The first day (`YYYY-MM-DD`) from which retention cannot have deleted any row. */
export type WholeSince = Readonly<Record<RetainedTable, string>>;

/** Used when nothing was ever deleted. */
export const alwaysWhole = '1970-01-01';

export async function readWholeSince(engine: Engine): Promise<WholeSince> {
  const rows = await engine.rows<{ name: RetainedTable; day: string }>({
    sql: `
      -- A date has no days before 1970.
      SELECT table_name AS name, toString(toDate(greatest(max(before), toDateTime64(0, 3, 'UTC'))) + 1) AS day
      FROM expirations
      GROUP BY name`,
  });
  const days = Object.fromEntries(rows.map(({ name, day }) => [name, day]));
  return { requests: alwaysWhole, logs: alwaysWhole, rejects: alwaysWhole, ...days };
}
