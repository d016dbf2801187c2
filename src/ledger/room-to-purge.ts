import type { Engine } from '../engine/engine.ts';
import { EngineError } from '../engine/engine-error.ts';

/** In addition to the largest part itself: the engine reserves at least 1 MiB for each table. */
const spareBytes = 8 * 1024 * 1024;

/**
 * Makes sure that the disk has room for a deletion from these tables. A deletion rewrites part by part; the engine
 * postpones parts that are larger than the free space, and a caller that waits for the deletion then waits without
 * end and without an error.
 * @throws EngineError `TAILRACE_DISK_FULL`
 */
export async function checkRoomToPurge(engine: Engine, tables: readonly string[]): Promise<void> {
  const [room] = await engine.rows<{ free: number; largest: number }>({
    sql: `
      SELECT
        (SELECT toFloat64(max(unreserved_space)) FROM system.disks) AS free,
        (
          SELECT toFloat64(max(bytes_on_disk))
          FROM system.parts
          WHERE active AND database = currentDatabase() AND table IN {tables:Array(String)}
        ) AS largest`,
    params: { tables },
  });
  if (!room) return;
  const neededBytes = room.largest * 1.1 + spareBytes;
  if (room.free >= neededBytes) return;
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`;
  throw new EngineError(
    'TAILRACE_DISK_FULL',
    `cannot take back what unfinished batches stored: not enough space, ${megabytes(room.free)} are free and ` +
      `${megabytes(neededBytes)} are needed; free some space and run the command again`,
    { retryable: true },
  );
}
