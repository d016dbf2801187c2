import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { EngineProcess } from '../engine/embedded/engine-process.ts';
import type { Engine } from '../engine/engine.ts';
import { openEngine } from '../engine/open-engine.ts';
import { packedStore, packStore } from './empty-store.ts';
import { openStore } from './open-store.ts';
import { prepareStore } from './preparation.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tailrace-empty-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
});

/** Definitions of all tables, and what the tables hold that a new store fills. */
async function contentOf(engine: Engine): Promise<unknown> {
  return {
    tables: await engine.rows({
      sql: `
        SELECT name, engine, create_table_query FROM system.tables
        WHERE database = 'tailrace' ORDER BY name`,
    }),
    preparations: await engine.rows({ sql: 'SELECT * EXCEPT at FROM preparations' }),
    versions: await engine.rows({ sql: 'SELECT version FROM schema_versions' }),
    rules: await engine.rows({ sql: 'SELECT count(), sum(cityHash64(*)) FROM user_agent_rules' }),
    edges: await engine.rows({ sql: 'SELECT count(), sum(cityHash64(*)) FROM edge_location_codes' }),
  };
}

test('a new store, which is a copy, is what statements make, and costs few of them', async () => {
  const made = await openEngine({ directory: join(root, 'made') });
  await prepareStore(made, async () => []);
  const wanted = await contentOf(made);
  await made.close();

  const statements = vi.spyOn(EngineProcess.prototype, 'run');
  const copied = await openStore({ directory: join(root, 'copied') });
  const sent = statements.mock.calls.map(([{ sql }]) => sql.trim());
  expect(sent.filter((sql) => !sql.startsWith('SELECT'))).toEqual([]);
  expect(sent.length).toBeLessThanOrEqual(3);
  expect(await contentOf(copied.engine)).toEqual(wanted);
  await copied.close();
});

test('its files are for its owner alone, and packing them again gives the same files', async () => {
  const { close } = await openStore({ directory: join(root, 'store') });
  await close();
  const data = join(root, 'store', 'clickhouse');
  const packed = JSON.parse(readFileSync(packedStore, 'utf8'));
  for (const path of [...packed.folders, ...Object.keys(packed.files)]) {
    expect(statSync(join(data, path)).mode & 0o077, path).toBe(0);
  }
  const again = JSON.parse(packStore(data));
  expect(Object.keys(again.files)).toEqual(expect.arrayContaining(Object.keys(packed.files)));
  expect(again.links).toEqual(packed.links);
});
