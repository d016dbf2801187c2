import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ScratchStore } from '../pipeline/test-doubles/scratch-store.ts';
import { runScenario } from './test-doubles/scenario.ts';

const folder = join(import.meta.dirname, 'testdata');

describe('scenarios of windows', () => {
  let scratch: ScratchStore;
  beforeAll(async () => {
    scratch = await ScratchStore.open();
  });
  afterAll(() => scratch.close());

  test.each(readdirSync(folder).filter((name) => name.endsWith('.txt')))('%s', async (name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const { engine } = scratch.store;
    for (const table of ['requests', 'ledger', 'plans']) await engine.run({ sql: `TRUNCATE TABLE ${table}` });
    expect(await runScenario(engine, join(scratch.root, 'store', 'spool', 'windows'), text)).toBe(text);
  });
});
