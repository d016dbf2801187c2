import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { patienceMs } from './test/patience.ts';

const tests = ['src/**/*.test.ts', 'web/src/**/*.test.ts', 'bench/**/*.test.ts', 'test/**/*.test.ts'];

/**
 * Short versions of what runs for hours (kills, chaos, fuzz, mutants, attacks, little memory), full disks and damaged
 * stores, and the proof of each pattern.
 */
const campaigns = [
  'test/{attacks,chaos,fuzz,mutants,pressure}/**/*.test.ts',
  'test/process/{kill*,bad-world,damaged-store}.test.ts',
  'test/linear-patterns.test.ts',
  'src/sources/files/rotation-chaos.test.ts',
];

/**
 * Files that replace modules. A module that another file has loaded before keeps what it imported, and one that is loaded here would
 * keep what replaced it: so each of these has a process of its own.
 */
const mocking = ['src', 'web/src', 'bench', 'test']
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
  .filter((path) => path.endsWith('.test.ts') && /^vi\.mock\(/m.test(readFileSync(path, 'utf8')));

/** Files of tests that take minutes begin first, so that no process is left alone with one at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) =>
      /\/test\/(browser|conformance|integration|process)\//.test(moduleId);
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  // As in web/vite.config.ts.
  resolve: { alias: { react: 'preact/compat' } },
  test: {
    globalSetup: 'test/prepare-program.ts',
    sequence: { sequencer: LongestFirst },
    // One process opens one store at a time. Files follow each other in it: loading the modules again would cost each
    // of them half a second of CPU time.
    pool: 'forks',
    isolate: false,
    // Twice the cores of a small machine: tests of processes and servers wait half of their time.
    maxWorkers: 4,
    // Nothing here is timed.
    testTimeout: 2 * patienceMs,
    hookTimeout: 2 * patienceMs,
    expect: { poll: { timeout: patienceMs } },
    projects: [
      {
        extends: true,
        test: { name: 'suite', include: tests, exclude: ['**/node_modules/**', ...campaigns, ...mocking] },
      },
      { extends: true, test: { name: 'mocking', include: mocking, exclude: campaigns, isolate: true } },
      { extends: true, test: { name: 'campaigns', include: campaigns, isolate: true } },
    ],
  },
});
