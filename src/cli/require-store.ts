import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoreLocation } from '../engine/open-engine.ts';

/**
 * Checks that the store exists, since opening a missing one would create it and answer every query with no rows.
 * @throws Error with a remedy; EngineError when a server does not answer
 */
export async function requireStore(location: StoreLocation): Promise<void> {
  const isThere = 'directory' in location ? await isMade(location.directory) : await isServed(location);
  if (isThere) return;
  const name = 'directory' in location ? location.directory : location.url;
  throw new Error(
    `cannot query "${name}": there is no store; ingest logs first (tailrace ingest PATH), or check --store and --config`,
  );
}

async function isMade(directory: string): Promise<boolean> {
  const made = await stat(join(directory, 'clickhouse')).catch((cause: NodeJS.ErrnoException) => cause);
  return !(made instanceof Error) || made.code !== 'ENOENT';
}

async function isServed(server: Extract<StoreLocation, { url: string }>): Promise<boolean> {
  const { ServerConnection } = await import('../engine/server/server-connection.ts');
  const connection = new ServerConnection(server, 'default', 1);
  try {
    const answer = await connection.collect({
      sql: 'SELECT count() FROM system.databases WHERE name = {database:String} FORMAT TSVRaw',
      params: { database: server.database ?? 'tailrace' },
    });
    return answer.toString().trim() !== '0';
  } finally {
    await connection.close();
  }
}
