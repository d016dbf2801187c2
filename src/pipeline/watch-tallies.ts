import type { Engine } from '../engine/engine.ts';
import type { FileInput } from './file-input.ts';

/** What was received of batches that are not closed yet. */
export interface Arrived {
  readonly rows: number;
  /** Estimated size on disk of the files read so far. */
  readonly bytes: number;
}

/**
 * Reads the tallies of batches in flight, for the progress of large files.
 * @param since only batches with greater ids are read
 * @param inputs the files being stored, for the ratio of content to bytes on disk
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
