import type { Engine } from '../engine/engine.ts';
import { type Asker, readAnswer } from './answer-rows.ts';

/** What of a query's aggregate states is kept. */
export interface StateSize {
  readonly rows: number;
  readonly bytes: number;
}

/** Bytes in memory. */
export async function readStateSize(asker: Asker, { version }: { readonly version: string }): Promise<StateSize> {
  const [found] = await readAnswer<{ rows: string; bytes: string }>(asker, {
    sql: 'SELECT count() AS rows, sum(byteSize(keys, states)) AS bytes FROM window_states WHERE version = {version:UInt64}',
    params: { version },
  });
  return { rows: Number(found?.rows ?? 0), bytes: Number(found?.bytes ?? 0) };
}

/** By version; bytes on disk, as much for each row. */
export async function readStateSizes(engine: Engine): Promise<ReadonlyMap<string, StateSize>> {
  const found = await engine.rows<StateSize & { version: string }>({
    sql: `
      WITH (
        SELECT sum(bytes_on_disk) / greatest(1, sum(rows))
        FROM system.parts
        WHERE active AND database = currentDatabase() AND table = 'window_states'
      ) AS bytes_of_row
      SELECT toString(version) AS version, count() AS rows, toUInt64(count() * bytes_of_row) AS bytes
      FROM window_states
      GROUP BY version`,
  });
  return new Map(found.map(({ version, rows, bytes }) => [version, { rows, bytes }]));
}
