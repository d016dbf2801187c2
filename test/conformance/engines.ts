import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine, Limits } from '../../src/engine/engine.ts';
import { openEngine } from '../../src/engine/open-engine.ts';

/** Small, so that the tests that exceed them are short. */
export const testLimits: Limits = { maxSeconds: 2, maxMemoryBytes: 400_000_000, maxResultRows: 1000 };

export interface EngineUnderTest {
  readonly name: string;
  /** Why it cannot run here; undefined when it can. */
  readonly missing: string | undefined;
  open(): Promise<{ engine: Engine; close(): Promise<void> }>;
}

const serverUrl = process.env.TAILRACE_TEST_CLICKHOUSE_URL;

/** Every implementation of the engine's contract. */
export const engines: readonly EngineUnderTest[] = [
  {
    name: 'embedded',
    missing: undefined,
    async open() {
      const directory = mkdtempSync(join(tmpdir(), 'tailrace-engine-'));
      const engine = await openEngine({ directory }, { limits: testLimits });
      return {
        engine,
        async close() {
          await engine.close();
          rmSync(directory, { recursive: true, force: true });
        },
      };
    },
  },
  {
    name: 'server',
    missing: serverUrl === undefined ? 'TAILRACE_TEST_CLICKHOUSE_URL is not set' : undefined,
    async open() {
      const database = `tailrace_test_${process.pid}`;
      const store = { url: serverUrl ?? '', database };
      const engine = await openEngine(store, { limits: testLimits });
      return {
        engine,
        async close() {
          await engine.run({ sql: 'DROP DATABASE {database:Identifier}', params: { database } });
          await engine.close();
        },
      };
    },
  },
];
