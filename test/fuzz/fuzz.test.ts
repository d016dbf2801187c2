import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { copyPreparedStore } from '../prepared-store.ts';
import { fuzzBodies } from './fuzz-bodies.ts';
import { fuzzFiles } from './fuzz-files.ts';
import { inMebibytes, peakMemory } from './watched-memory.ts';

/** Malformed files and bodies, generated from the samples of all formats; see CONTRIBUTING.md. */
vi.setConfig({ testTimeout: 24 * 3_600_000 });

/** The tests themselves take a part of the first. */
const maxBytes = { own: 1.5 * 1024 ** 3, engine: 3 * 1024 ** 3 };

let store: Store;
let root: string;
const engineEvents: string[] = [];

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'tailrace-fuzz-')));
  store = await openStore(
    { directory: copyPreparedStore(join(root, 'store')) },
    { onEngineEvent: (text) => engineEvents.push(text) },
  );
});

afterAll(async () => {
  await store?.close();
  await rm(root, { recursive: true, force: true });
});

describe('whatever comes in', () => {
  test('files are stored with books that balance, or refused with an explanation', () => fuzzFiles(store, root));

  test('bodies are stored with books that balance, or refused, and never a fault', () => fuzzBodies(store, root));

  test('the engine lives, and memory has a bound', () => {
    const { own, children: engine } = peakMemory();
    console.info('peak memory in MiB:', inMebibytes({ own, engine }));
    expect(engineEvents).toEqual([]);
    expect(own).toBeLessThan(maxBytes.own);
    expect(engine).toBeLessThan(maxBytes.engine);
  });
});
