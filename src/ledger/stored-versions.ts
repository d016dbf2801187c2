import type { Engine } from '../engine/engine.ts';
import { continueAfter } from './batch-id.ts';
import { identityOf, type ObjectIdentity } from './in-flight.ts';

/** Version of an object that is stored already. */
export interface StoredVersion {
  readonly origin: string;
  readonly version: string;
  readonly bytes: number;
  /** Number of the line after the last one that was received. */
  readonly untilLine: number;
}

/** Limit for an object that is rewritten often; versions from long ago do not come again. */
const mostVersions = 100;

/** What the ledger has of these objects, latest first: the last hundred versions of each. */
export function storedVersions(engine: Engine, origins: readonly string[]): Promise<StoredVersion[]> {
  return engine.rows<StoredVersion>({
    sql: `
      SELECT origin, version, bytes, from_line + lines AS untilLine
      FROM ledger
      WHERE origin IN {origins:Array(String)}
      ORDER BY batch DESC
      LIMIT ${mostVersions} BY origin`,
    params: { origins },
  });
}

/** Which of these are stored already. @returns their identities */
export async function knownVersions(engine: Engine, objects: readonly ObjectIdentity[]): Promise<ReadonlySet<string>> {
  const rows = await engine.rows<ObjectIdentity>({
    sql: `
      SELECT DISTINCT origin, version
      FROM ledger
      WHERE (origin, version) IN arrayZip({origins:Array(String)}, {versions:Array(String)})`,
    params: { origins: objects.map(({ origin }) => origin), versions: objects.map(({ version }) => version) },
  });
  return new Set(rows.map(identityOf));
}

/**
 * Origin → version stored last, for every origin with this prefix. A worker that continues from there starts batches
 * with greater ids than these, whatever the clocks of the workers that stored them.
 */
export async function lastVersions(engine: Engine, originPrefix: string): Promise<ReadonlyMap<string, string>> {
  const last =
    'SELECT origin, max(batch) AS batch FROM ledger WHERE startsWith(origin, {prefix:String}) GROUP BY origin';
  const rows = await engine.rows<{ origin: string; version: string; id: string }>({
    sql: `
      SELECT origin, argMin(version, object) AS version, toString(any(batch)) AS id
      FROM ledger
      WHERE startsWith(origin, {prefix:String}) AND (origin, batch) IN (${last}) AND batch IN (SELECT batch FROM (${last}))
      GROUP BY origin`,
    params: { prefix: originPrefix },
  });
  for (const { id } of rows) continueAfter(id);
  return new Map(rows.map(({ origin, version }) => [origin, version]));
}
