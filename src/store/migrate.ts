import type { Engine } from '../engine/engine.ts';
import { type Alternatives, schema } from './schema.ts';
import { upgrades } from './upgrades.ts';

export const schemaVersion = upgrades.length + 1;

/**
 * Brings the database to {@link schemaVersion}. Safe to repeat after a crash: an upgrade is recorded when all
 * of it is done, and its statements create only what is missing.
 * @throws Error when the database was made by a newer version.
 */
export async function migrate(engine: Engine): Promise<void> {
  await engine.run({
    sql: `CREATE TABLE IF NOT EXISTS schema_versions (version UInt32, at DateTime64(3, 'UTC') DEFAULT now64(3))
          ENGINE = MergeTree ORDER BY version`,
  });
  const [found] = await engine.rows<{ version: number }>({
    sql: 'SELECT max(version) AS version FROM schema_versions',
  });
  const version = found?.version ?? 0;
  if (version > schemaVersion) {
    throw new Error(
      `cannot open the store: it was made by a newer tailrace (schema ${version}, this one knows ${schemaVersion}); upgrade tailrace`,
    );
  }
  if (version === 0) await bringTo(engine, schemaVersion, schema);
  for (const [index, statements] of upgrades.entries()) {
    if (version > 0 && version < index + 2) await bringTo(engine, index + 2, statements);
  }
}

async function bringTo(engine: Engine, version: number, statements: readonly (string | Alternatives)[]): Promise<void> {
  for (const statement of statements) await runFirst(engine, [statement].flat());
  await engine.run({
    sql: 'INSERT INTO schema_versions (version) SELECT {version:UInt32}',
    params: { version },
  });
}

async function runFirst(engine: Engine, [statement = '', ...others]: Alternatives): Promise<void> {
  try {
    await engine.run({ sql: createIfMissing(statement) });
  } catch (cause) {
    if (others.length === 0) throw cause;
    await runFirst(engine, others);
  }
}

function createIfMissing(statement: string): string {
  return statement.replace(/CREATE (TABLE|MATERIALIZED VIEW) /, 'CREATE $1 IF NOT EXISTS ');
}
