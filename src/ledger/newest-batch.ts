import type { Engine } from '../engine/engine.ts';
import { settledBatch } from '../store/ledger-mark.ts';

/** The greatest id of a batch that is planned or settled, whatever worker started it; '0' if there is none. */
export async function newestBatch(engine: Engine): Promise<string> {
  const [newest] = await engine.rows<{ id: string }>({
    sql: `SELECT toString(greatest(ifNull((SELECT batch FROM plans ORDER BY batch DESC LIMIT 1), 0), ${settledBatch})) AS id`,
  });
  return newest?.id ?? '0';
}
