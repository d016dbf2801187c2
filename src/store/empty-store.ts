import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtProgram } from '../engine/built-program.ts';

/** The engine's data directory of a store in which nothing is stored yet. Paths are relative to it, parents first. */
interface PackedStore {
  readonly folders: readonly string[];
  readonly links: Readonly<Record<string, string>>;
  /** Content as Base64. */
  readonly files: Readonly<Record<string, string>>;
}

/** Where the build puts it. */
export const packedStore = join(builtProgram, 'store/empty-store.json');

/** What the engine writes whenever it opens the directory. */
const momentary = new Set(['status', 'tmp']);

/** @param data the engine's data directory; it must not be open */
export function packStore(data: string): string {
  const packed = { folders: [] as string[], links: {} as Record<string, string>, files: {} as Record<string, string> };
  const walk = (folder: string) => {
    for (const entry of readdirSync(join(data, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (momentary.has(path)) continue;
      if (entry.isSymbolicLink()) packed.links[path] = readlinkSync(join(data, path));
      else if (entry.isFile()) packed.files[path] = readFileSync(join(data, path)).toString('base64');
      else {
        packed.folders.push(path);
        walk(path);
      }
    }
  };
  walk('');
  return JSON.stringify(packed satisfies PackedStore);
}

/**
 * Writes the tables of a new store: making them by some seventy statements takes most of a second. If they are not those
 * of this version, `prepareStore` changes them as those of any other store.
 *
 * @param data an empty folder
 */
export function unpackEmptyStore(data: string): void {
  if (!existsSync(packedStore)) return;
  const { folders, links, files } = JSON.parse(readFileSync(packedStore, 'utf8')) as PackedStore;
  for (const path of folders) mkdirSync(join(data, path), { mode: 0o700 });
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(data, path));
  for (const [path, content] of Object.entries(files)) {
    writeFileSync(join(data, path), Buffer.from(content, 'base64'), { mode: 0o600 });
  }
}
