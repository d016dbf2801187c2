import type { Engine } from '../engine/engine.ts';
import { identityOf, type ObjectIdentity } from './in-flight.ts';

/** Version of an object that is stored already. */
export interface StoredVersion {
  readonly origin: string;
  readonly version: string;
  readonly bytes: number;
  /** Number of the line after the last one that was received. */
  readonly untilLine: number;
}

/** Of an object that is written again and again; what was stored long ago does not come back. */
const mostVersions = 100;

/** What the ledger knows of these objects, latest first: the last hundred versions of each. */
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

/** Origin → version that was stored last, for every origin that begins so. */
export async function lastVersions(engine: Engine, originPrefix: string): Promise<ReadonlyMap<string, string>> {
  const rows = await engine.rows<{ origin: string; version: string }>({
    sql: `
      SELECT origin, argMax(version, (batch, -toInt64(object))) AS version
      FROM ledger
      WHERE startsWith(origin, {prefix:String})
      GROUP BY origin`,
    params: { prefix: originPrefix },
  });
  return new Map(rows.map(({ origin, version }) => [origin, version]));
}
