import type { Engine } from '../engine/engine.ts';
import type { FileInput } from './file-input.ts';

/** What has arrived of batches that are not closed yet. */
export interface Arrived {
  readonly rows: number;
  /** Estimated bytes of the files as they lie there. */
  readonly bytes: number;
}

/**
 * Looks into the tallies of batches that are under way, for the progress of a file that takes long.
 * @param since batches with greater ids are looked at
 * @param inputs the files that are being stored; they tell how much content stands behind a byte on disk
 */
export async function readArrived(engine: Engine, since: string, inputs: Iterable<FileInput>): Promise<Arrived> {
  let [bytes, content] = [0, 0];
  for (const { file } of inputs) {
    bytes += file.bytes;
    content += file.statedBytes ?? file.bytes;
  }
  const [arrived] = await engine.rows<{ rows: number; content: number }>({
    sql: `
      SELECT sum(lines) - sum(rejected) - sum(comments) - sum(excluded) AS rows, sum(content_bytes) AS content
      FROM tallies
      WHERE batch > {since:UInt64} AND batch NOT IN (SELECT batch FROM ledger WHERE batch > {since:UInt64})`,
    params: { since },
  });
  const share = Math.min(1, (arrived?.content ?? 0) / Math.max(1, content));
  return { rows: arrived?.rows ?? 0, bytes: Math.round(share * bytes) };
}
