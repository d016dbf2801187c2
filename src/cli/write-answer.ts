import { once } from 'node:events';
import type { OutputName } from '../engine/output-formats.ts';
import { exitCodes } from './command.ts';
import { safeTextChunks } from './terminal-text.ts';

/**
 * Writes the answer to a question on standard output, no faster than its reader reads. What a person looks at (a
 * terminal, and a table wherever it goes) cannot steer the terminal; for programs it is what is stored, byte for byte.
 *
 * @returns the exit code
 */
export async function writeAnswer(chunks: AsyncIterable<Uint8Array>, format: OutputName): Promise<number> {
  const isForPeople = format === 'table' || process.stdout.isTTY;
  for await (const chunk of isForPeople ? safeTextChunks(chunks) : chunks) {
    if (process.stdout.destroyed) break;
    // The error of a reader that left ends the waiting, and is not one of the query.
    if (!process.stdout.write(chunk)) await once(process.stdout, 'drain').catch(() => {});
  }
  return exitCodes.fine;
}
