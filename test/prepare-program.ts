import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { prepareStoreOnce } from './prepared-store.ts';

const root = resolve(import.meta.dirname, '..');

/** The engine's process and the process tests run the compiled program, so it must be as new as the sources. */
export default function buildProgram(): void {
  const marker = join(root, 'dist/cli/tailrace.cjs');
  const newest = Math.max(...['src', 'web/src'].map((folder) => newestChange(join(root, folder))));
  if (!existsSync(marker) || statSync(marker).mtimeMs <= newest) build();
  prepareStoreOnce();
}

function build(): void {
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error('cannot test: the program does not build; see above');
}

function newestChange(folder: string): number {
  const changes = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(
      (entry) =>
        entry.isFile() && !/\.test\.ts$|\/test-doubles\/|\/testdata\//.test(join(entry.parentPath, entry.name)),
    )
    .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs);
  return Math.max(...changes);
}
