import type { Engine } from '../engine/engine.ts';
import { continueAfter } from './batch-id.ts';
import { groupBy } from './group-by.ts';
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

/**
 * Whether the ledger has any origin that is, or begins with, one of these or lies between them in its order. Takes as long for thousands of
 * new files as for one, where the questions below name each.
 */
export async function mayHaveStored(engine: Engine, names: readonly string[]): Promise<boolean> {
  const sorted = names.map((name) => Buffer.from(name)).sort(Buffer.compare);
  const [first = '', last = ''] = [sorted[0]?.toString(), sorted.at(-1)?.toString()];
  const [found] = await engine.rows<{ found: number }>({
    sql: `
      SELECT count() AS found
      FROM (
        SELECT 1 FROM ledger
        WHERE origin >= {first:String} AND (origin <= {last:String} OR startsWith(origin, {last:String}))
        LIMIT 1
      )`,
    params: { first, last },
  });
  return Number(found?.found) > 0;
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

/** First and last stored version of an origin; `first` is of the first piece that had lines, empty when none had. */
export interface OriginSpan {
  readonly origin: string;
  readonly first: string;
  readonly last: string;
}

/** What is stored of the origins `<name><mark>…`, by their names. */
export async function spansOf(
  engine: Engine,
  names: readonly string[],
  mark: string,
): Promise<ReadonlyMap<string, readonly OriginSpan[]>> {
  const rows = await engine.rows<OriginSpan & { readonly name: string }>({
    sql: `
      SELECT
        substring(origin, 1, position(origin, {mark:String}) - 1) AS name, origin,
        argMinIf(version, (batch, object), lines > 0) AS first, argMax(version, (batch, -toInt64(object))) AS last
      FROM ledger
      WHERE startsWith(origin, {start:String}) AND name IN {names:Array(String)}
      GROUP BY origin`,
    params: { names, mark, start: commonStart(names) },
  });
  return groupBy(rows, ({ name }) => name);
}

/** The ledger is sorted by origin, so a common beginning spares reading most of it. */
function commonStart(names: readonly string[]): string {
  const sorted = [...names].sort();
  const [first = '', last = ''] = [sorted[0], sorted.at(-1)];
  let length = 0;
  while (length < first.length && first[length] === last[length]) length++;
  return first.slice(0, length);
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
