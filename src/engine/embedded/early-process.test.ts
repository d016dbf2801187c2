import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { endEarly, startEarly, takeEarly } from './early-process.ts';
import * as forking from './fork-engine.ts';
import { openEmbedded } from './open-embedded.ts';

test('the process that was started early opens the store, behind the same walls', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tailrace-early-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  startEarly();
  const forked = vi.spyOn(forking, 'forkEngine');
  const engine = await openEmbedded(directory, {
    limits: { maxSeconds: 5, maxMemoryBytes: 1e9, maxResultRows: 1000 },
  });
  expect(forked).not.toHaveBeenCalled();
  expect(takeEarly()).toBeUndefined();
  if (process.platform === 'linux') expect(engine.missingWalls).toEqual([]);
  await expect(engine.rows({ sql: `SELECT file('${import.meta.filename}')` })).rejects.toThrow();
  await engine.close();
});

test('one that is not needed ends', async () => {
  startEarly();
  const child = takeEarly();
  expect(child?.exitCode).toBeNull();
  child?.kill('SIGKILL');
  startEarly();
  endEarly();
  expect(takeEarly()).toBeUndefined();
});
