import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const program = join(root, 'dist/cli/tailrace.cjs');
const template = join(root, 'node_modules/.cache/tailrace/prepared-store');

/** Makes the store that {@link copyPreparedStore} copies, unless there is one that this build of the program has made. */
export function prepareStoreOnce(): void {
  if (existsSync(template) && statSync(template).mtimeMs > statSync(program).mtimeMs) return;
  const draft = `${template}-${process.pid}`;
  mkdirSync(dirname(template), { recursive: true });
  execFileSync(process.execPath, [program, 'ingest', '--store', draft, '--quiet', '-'], { input: '' });
  rmSync(template, { recursive: true, force: true });
  renameSync(draft, template);
}

/**
 * An empty store with all tables in place of a new one: creating them takes a second of CPU time, copying them a few
 * milliseconds.
 *
 * @param directory is created if missing
 * @returns the directory
 */
export function copyPreparedStore(directory: string): string {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  // cpSync of Node 22 gives folders the default mode, and a store then says that it was open to others.
  execFileSync('cp', ['-a', `${template}/.`, directory]);
  return directory;
}
