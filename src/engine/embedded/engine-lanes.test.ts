import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { laneSettings } from './engine-lanes.ts';

const options = {
  limits: { maxSeconds: 5, maxMemoryBytes: 1e9, maxResultRows: 1000 },
  insertBytes: 1e9,
  isBrief: false,
};

test.each([
  ['CapEff:\t0000000000800000\n', availableParallelism()],
  ['CapPrm:\t000001ffffffffff\nCapEff:\t000001ffff7fffff\n', Math.max(1, availableParallelism() - 1)],
  ['', Math.max(1, availableParallelism() - 1)],
])('questions take all processors only where inserts come before them: %j', (status, threads) => {
  expect(laneSettings(options, status).ask.max_threads).toBe(threads);
});
