import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'web/src/**/*.test.ts', 'bench/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: 'test/build-program.ts',
    // One process opens one store at a time, so a test file is a process of its own.
    pool: 'forks',
    // One more than the cores of a small machine: tests of processes and servers wait half of their time.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
