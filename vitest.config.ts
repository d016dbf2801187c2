import { defineConfig } from 'vitest/config';

const tests = ['src/**/*.test.ts', 'web/src/**/*.test.ts', 'bench/**/*.test.ts', 'test/**/*.test.ts'];

/** Short versions of what runs for hours (kills, chaos, fuzz, mutants, attacks, little memory), and the proof of each pattern. */
const campaigns = [
  'test/{attacks,chaos,fuzz,mutants,pressure}/**/*.test.ts',
  'test/process/kill*.test.ts',
  'test/linear-patterns.test.ts',
  'src/sources/files/rotation-chaos.test.ts',
];

export default defineConfig({
  test: {
    globalSetup: 'test/build-program.ts',
    // One process opens one store at a time, so a test file is a process of its own.
    pool: 'forks',
    // One more than the cores of a small machine: tests of processes and servers wait half of their time.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: 'suite', include: tests, exclude: ['**/node_modules/**', ...campaigns] } },
      { extends: true, test: { name: 'campaigns', include: campaigns } },
    ],
  },
});
