import type { Engine } from '../../engine/engine.ts';

/** A request, as far as the tests of windows ask. */
export interface LoadedRow {
  /** Epoch ms. */
  readonly timeMs: number;
  readonly viewer: string;
  readonly bytes: number;
}

/** Stores rows of a batch, which is not closed yet. */
export async function storeRows(engine: Engine, batch: string, rows: readonly LoadedRow[]): Promise<void> {
  await engine.run({
    sql: `
      INSERT INTO requests (time, client_ip, bytes_sent, batch, object, line_number)
      SELECT fromUnixTimestamp64Milli(r.1, 'UTC'), r.2, r.3, {batch:UInt64}, 1, r.4
      FROM (SELECT arrayJoin(arrayZip({times:Array(Int64)}, {viewers:Array(String)}, {bytes:Array(UInt64)}, arrayEnumerate({times:Array(Int64)}))) AS r)`,
    params: {
      batch,
      times: rows.map(({ timeMs }) => timeMs),
      viewers: rows.map(({ viewer }) => viewer),
      bytes: rows.map(({ bytes }) => bytes),
    },
  });
}

/** Closes a batch with these rows. @param feed becomes the name of its pipeline */
export async function closeRows(
  engine: Engine,
  batch: string,
  feed: string,
  rows: readonly LoadedRow[],
): Promise<void> {
  const times = rows.map(({ timeMs }) => timeMs);
  await engine.run({
    sql: `
      INSERT INTO ledger (batch, object, origin, version, lines, rows, first_time, last_time, stored_at, pipeline)
      SELECT
        {batch:UInt64}, 1, {feed:String}, {version:String}, {count:UInt64}, {count:UInt64},
        fromUnixTimestamp64Milli({first:Int64}, 'UTC'), fromUnixTimestamp64Milli({last:Int64}, 'UTC'), now64(3), {feed:String}`,
    params: { batch, feed, version: batch, count: rows.length, first: Math.min(...times), last: Math.max(...times) },
  });
}
