import type { Engine } from '../../engine/engine.ts';
import { quoteIdentifier } from '../../schema/quote-identifier.ts';
import { type KeptTable, keptTables } from '../../store/kept-tables.ts';

/**
 * Whether all rows of a side table are missing from their own table. For rows and rejects: each batch lacks as many
 * lines as the ledger says. For the books themselves: none of their entries exists. For all other tables: none of the
 * rows exists.
 */
export async function isMissing(engine: Engine, table: string, beside: string): Promise<boolean> {
  const [found] = await engine.rows<{ surplus: number }>({
    sql: `SELECT count() AS surplus FROM (${surplus(table, beside)})`,
  });
  return found?.surplus === 0;
}

/** SQL: what would be stored twice. */
function surplus(table: string, beside: string): string {
  const kept = keptTables.find(({ name }) => name === table);
  if (kept) return surplusBatches(kept, beside);
  const own = quoteIdentifier(table);
  if (['ledger', 'plans', 'tallies'].includes(table)) {
    return `SELECT 1 FROM ${own} WHERE (batch, object) IN (SELECT batch, object FROM ${beside})`;
  }
  return `SELECT * FROM ${beside} INTERSECT SELECT * FROM ${own}`;
}

function surplusBatches({ name, lines }: KeptTable, beside: string): string {
  const among = `batch IN (SELECT batch FROM ${beside})`;
  return `
    SELECT back.batch
    FROM (SELECT batch, count() AS rows FROM ${beside} GROUP BY batch) AS back
    LEFT JOIN (
      SELECT batch, sum(lines) AS promised
      FROM (
        SELECT batch, toInt64(${lines}) AS lines FROM ledger WHERE ${among}
        UNION ALL
        -- What the ledger has lost was counted, too.
        SELECT batch, toInt64(${lines})
        FROM (SELECT batch, lines - comments - rejected - excluded AS rows, log_rows, rejected FROM tallies)
        WHERE ${among} AND batch NOT IN (SELECT batch FROM ledger WHERE ${among})
        UNION ALL
        SELECT batch, lines FROM corrections WHERE table_name = '${name}' AND ${among}
      )
      GROUP BY batch
    ) AS books ON back.batch = books.batch
    LEFT JOIN (SELECT batch, count() AS rows FROM ${name} WHERE ${among} GROUP BY batch) AS own
      ON back.batch = own.batch
    WHERE back.rows + own.rows > books.promised`;
}
