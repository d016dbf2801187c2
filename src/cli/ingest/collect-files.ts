import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { StoreLocation } from '../../engine/open-engine.ts';
import type { ObjectIdentity } from '../../ledger/in-flight.ts';
import { expandPaths, type UnusablePath } from '../../sources/files/expand-paths.ts';
import { makeProcessSpool } from '../process-spool.ts';
import { createSearchProgress } from '../progress.ts';

export interface CollectedFiles {
  /** Absolute paths. */
  readonly paths: readonly string[];
  /** Of the file that holds standard input: its identity is its content. */
  readonly identities: Readonly<Record<string, ObjectIdentity>>;
  readonly unusable: readonly UnusablePath[];
  /** Removes the copy of standard input. */
  cleanUp(): Promise<void>;
}

/**
 * Finds the files that the user named; standard input (`-`) is copied to a file.
 * @param location where that copy is kept, so that a server with this store open can read it
 */
export async function collectFiles(
  named: readonly string[],
  location: StoreLocation,
  isQuiet: boolean,
): Promise<CollectedFiles> {
  const search = isQuiet ? undefined : createSearchProgress();
  const { files, unusable } = await expandPaths(
    named.filter((path) => path !== '-'),
    search?.found,
  );
  search?.end();
  if (!named.includes('-')) return { paths: files, identities: {}, unusable, cleanUp: async () => {} };
  const spool = await makeProcessSpool(location);
  const path = join(spool.path, 'stdin');
  const hash = createHash('sha256');
  await pipeline(
    process.stdin,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(path),
  );
  const identities = { [path]: { origin: 'stdin', version: hash.digest('hex') } };
  return { paths: [...files, path], identities, unusable, cleanUp: () => spool.remove() };
}
