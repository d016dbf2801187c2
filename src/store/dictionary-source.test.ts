import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEngine } from '../engine/open-engine.ts';
import { dropDictionariesWithoutAddress, tableSource } from './dictionary-source.ts';

test('a dictionary of an earlier version is dropped though a table depends on it, and one with an address stays', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tailrace-dictionaries-'));
  const engine = await openEngine({ directory });
  try {
    await engine.run({ sql: 'CREATE TABLE places (code String, city String) ENGINE = MergeTree ORDER BY code' });
    const source = tableSource({ table: 'places', reader: undefined });
    const create = (name: string, from: string) =>
      engine.run({
        sql: `CREATE DICTIONARY ${name} (code String, city String) PRIMARY KEY code ${from}
          LIFETIME(0) LAYOUT(COMPLEX_KEY_HASHED())`,
      });
    await create('current', source);
    await create('earlier', source.replace(/HOST '[^']+' /, ''));
    await engine.run({
      sql: `CREATE TABLE visits (code String, city String ALIAS dictGet('tailrace.earlier', 'city', code))
        ENGINE = MergeTree ORDER BY code`,
    });
    await dropDictionariesWithoutAddress(engine);
    expect(await engine.rows({ sql: 'SELECT name FROM system.dictionaries' })).toEqual([{ name: 'current' }]);
  } finally {
    await engine.close();
    rmSync(directory, { recursive: true, force: true });
  }
});
