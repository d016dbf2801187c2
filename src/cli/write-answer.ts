import { once } from 'node:events';
import type { OutputName } from '../engine/output-formats.ts';
import { exitCodes } from './command.ts';
import { safeTextChunks } from './terminal-text.ts';

/**
 * Writes the answer to a query on standard output, with back-pressure. Output for the user (on a terminal, and tables
 * anywhere) has control characters escaped; output for programs is the stored bytes, unchanged.
 *
 * @returns the exit code
 */
export async function writeAnswer(chunks: AsyncIterable<Uint8Array>, format: OutputName): Promise<number> {
  const isForPeople = format === 'table' || process.stdout.isTTY;
  for await (const chunk of isForPeople ? safeTextChunks(chunks) : chunks) {
    if (process.stdout.destroyed) break;
    // A reader that left ends the wait; that is not an error of the query.
    if (!process.stdout.write(chunk)) await once(process.stdout, 'drain').catch(() => {});
  }
  return exitCodes.fine;
}
