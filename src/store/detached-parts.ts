import type { Engine } from '../engine/engine.ts';
import { quoteIdentifier } from '../schema/quote-identifier.ts';

/** A part of a table that was detached because it could not be read; none of its rows is visible any more. */
export interface DetachedPart {
  readonly table: string;
  /** Name of its folder, e.g. `broken-on-start_20260301_4_4_0`. */
  readonly name: string;
  /** Its name in the table. */
  readonly part: string;
  /** Absolute path of the folder on the engine's machine. */
  readonly path: string;
}

/** On a server, parts that an operator detached are left alone; in an embedded store nobody can detach any. */
export function readDetachedParts(engine: Engine): Promise<DetachedPart[]> {
  const reasons = `reason IN ('broken', 'broken-on-start', 'covered-by-broken', 'unexpected')`;
  return engine.rows<DetachedPart>({
    sql: `
      SELECT table, name, path, replaceRegexpOne(substring(name, length(reason) + (reason != '') + 1), '_try[0-9]+$', '') AS part
      FROM system.detached_parts
      WHERE database = currentDatabase() AND ${engine.kind === 'embedded' ? 'true' : reasons}
      ORDER BY table, name`,
  });
}

/** Detaches an unreadable part: with it in the table, neither queries nor deletions finish. */
export async function detachPart(engine: Engine, table: string, part: string): Promise<void> {
  await engine.run({ sql: `ALTER TABLE ${quoteIdentifier(table)} DETACH PART {part:String}`, params: { part } });
}

/** Permanently deletes a detached part. */
export async function dropDetachedPart(engine: Engine, table: string, name: string): Promise<void> {
  await engine.run({
    sql: `ALTER TABLE ${quoteIdentifier(table)} DROP DETACHED PART {name:String}`,
    params: { name },
    settings: { allow_drop_detached: 1 },
  });
}
