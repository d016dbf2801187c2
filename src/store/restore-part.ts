import { readdirSync } from 'node:fs';
import { link, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../engine/engine.ts';
import { EngineError } from '../engine/engine-error.ts';
import { quoteIdentifier } from '../schema/quote-identifier.ts';
import type { DetachedPart } from './detached-parts.ts';

const [attached, rewritten] = ['restored_part', 'restored_rows'] as const;

/**
 * Restores the rows of a detached part if all of them can still be read: often only its list of checksums
 * is damaged, and each block of a column has its own checksum. The part is attached to a temporary table without
 * that list, read completely and rewritten.
 * @param isMissing receives a table's name and tells whether all of its rows are missing from the part's own table
 * @returns the number of restored rows, or why none were
 */
export async function restorePart(
  engine: Engine,
  { table, part, path }: DetachedPart,
  isMissing: (rows: string) => Promise<boolean>,
): Promise<{ readonly rows: number } | { readonly problem: string }> {
  const own = quoteIdentifier(table);
  try {
    for (const beside of [attached, rewritten]) {
      await engine.run({ sql: `DROP TABLE IF EXISTS ${beside} SYNC` });
      await engine.run({ sql: `CREATE TABLE ${beside} AS ${own}` });
    }
    await linkFiles(path, join(await detachedFolder(engine, attached), part));
    const problem = await rewrite(engine, part);
    if (problem !== undefined) return { problem };
    if (!(await isMissing(rewritten))) return { problem: 'the table has its rows' };
    const [rows] = await engine.rows<{ count: number }>({ sql: `SELECT count() AS count FROM ${rewritten}` });
    const partitions = await engine.rows<{ id: string }>({
      sql: `SELECT DISTINCT partition_id AS id FROM system.parts
            WHERE database = currentDatabase() AND table = '${rewritten}' AND active`,
    });
    // All rows of a part are in one partition, which is moved atomically.
    for (const { id } of partitions) {
      await engine.run({
        sql: `ALTER TABLE ${rewritten} MOVE PARTITION ID {id:String} TO TABLE ${own}`,
        params: { id },
      });
    }
    return { rows: rows?.count ?? 0 };
  } finally {
    for (const beside of [attached, rewritten]) await engine.run({ sql: `DROP TABLE IF EXISTS ${beside} SYNC` });
  }
}

/** Reads and rewrites every row of the part. @returns why that is impossible */
async function rewrite(engine: Engine, part: string): Promise<string | undefined> {
  try {
    await engine.run({ sql: `ALTER TABLE ${attached} ATTACH PART {part:String}`, params: { part } });
    await engine.run({
      sql: `INSERT INTO ${rewritten} SELECT * FROM ${attached}`,
      settings: { max_insert_threads: 1 },
    });
    return undefined;
  } catch (cause) {
    if (!(cause instanceof EngineError) || cause.retryable) throw cause;
    const [words = ''] = cause.message.split(': Part contains files');
    return words.slice(0, 300);
  }
}

/** Omits the checksums, which the engine recomputes from what it can read, and the projections, which these list. */
async function linkFiles(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (!entry.isFile() || entry.name === 'checksums.txt') continue;
    await link(join(from, entry.name), join(to, entry.name));
  }
}

async function detachedFolder(engine: Engine, table: string): Promise<string> {
  const [found] = await engine.rows<{ path: string }>({
    sql: `SELECT data_paths[1] AS path FROM system.tables WHERE database = currentDatabase() AND name = {table:String}`,
    params: { table },
  });
  return join(found?.path ?? '', 'detached');
}
