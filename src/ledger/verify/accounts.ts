import type { Engine } from '../../engine/engine.ts';
import type { DamagedPart } from '../../store/check-parts.ts';
import { keptTables } from '../../store/kept-tables.ts';
import type { RetainedTable } from '../../store/retention.ts';
import { readableParams, readableRows } from './readable-rows.ts';

/** Where the lines of a table are that were ever received: received = the sum of the others. */
export interface Account {
  readonly table: RetainedTable;
  /** Of all closed batches, as the ledger has it. */
  readonly received: number;
  readonly stored: number;
  /** By retention. */
  readonly deleted: number;
  readonly forgotten: number;
  /** With damaged parts, and written off by a repair. */
  readonly lost: number;
  /** Nobody wrote down why they are gone: damage that is not repaired, or retention of an earlier version. */
  readonly unrecorded: number;
}

/** @param damaged rows of parts that cannot be read are not stored */
export async function readAccounts(engine: Engine, damaged: readonly DamagedPart[]): Promise<Account[]> {
  const promises = keptTables.map(({ name, lines }) => `('${name}', toInt64(${lines}))`);
  const counts = keptTables.map(
    ({ name }) => `
      SELECT '${name}', 0, toInt64(countIf(batch IN (SELECT batch FROM ledger))), 0, 0, 0 FROM ${readableRows(name)}`,
  );
  return engine.rows<Account>({
    sql: `
      SELECT
        table_name AS table, sum(got) AS received, sum(here) AS stored, sum(retained) AS deleted, sum(gone) AS forgotten,
        sum(written_off) AS lost, received - stored - deleted - forgotten - lost AS unrecorded
      FROM (
        SELECT
          promise.1 AS table_name, sum(promise.2) AS got, toInt64(0) AS here, toInt64(0) AS retained, toInt64(0) AS gone,
          toInt64(0) AS written_off
        FROM ledger ARRAY JOIN [${promises.join(', ')}] AS promise
        GROUP BY table_name
        UNION ALL
        SELECT toString(table_name), 0, 0, toInt64(sum(rows)), 0, 0 FROM deletions FINAL WHERE state = 'deleted' GROUP BY table_name
        UNION ALL
        SELECT toString(table_name), 0, 0, 0, -sumIf(lines, forget != 0), -sumIf(lines, forget = 0)
        FROM corrections
        GROUP BY table_name
        UNION ALL ${counts.join(' UNION ALL ')}
      )
      GROUP BY table_name
      ORDER BY indexOf({tables:Array(String)}, table_name)`,
    params: { ...readableParams(damaged), tables: keptTables.map(({ name }) => name) },
  });
}
