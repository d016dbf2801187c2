import { execFileSync } from 'node:child_process';
import { existsSync, openSync, readdirSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** What happens to the files of a part, given its folder. */
export const flaws = {
  'three flipped bytes of checksums.txt': (part: string) => flipBytes(join(part, 'checksums.txt')),
  'an empty count.txt': (part: string) => truncateSync(join(part, 'count.txt'), 0),
  'a folder that is gone': (part: string) => rmSync(part, { recursive: true }),
  'three flipped bytes of a column': (part: string) => flipBytes(largestColumn(part)),
} as const;

export type Flaw = keyof typeof flaws;

/** Damages the largest part of a table, while no process has the store open. */
export function damageTable(store: string, table: string, flaw: Flaw): void {
  const parts = partFolders(store, table);
  const [largest] = parts.sort((one, other) => bytesOf(other) - bytesOf(one));
  if (largest === undefined) throw new Error(`cannot damage "${table}": it has no part`);
  flaws[flaw](largest);
}

export function partFolders(store: string, table: string): string[] {
  const folder = join(store, 'clickhouse', 'data', 'tailrace', table);
  return readdirSync(folder)
    .filter((name) => /^\w+_\d+_\d+_\d+(_\d+)?$/.test(name))
    .map((name) => join(folder, name));
}

/** A copy of a store that no process has open. */
export function copyStore(store: string, copy: string): void {
  // cpSync of Node 22 gives folders the default mode, and a store then says that it was open to others.
  execFileSync('cp', ['-a', store, copy]);
}

function largestColumn(part: string): string {
  // A small part has all columns in one file.
  if (existsSync(join(part, 'data.bin'))) return join(part, 'data.bin');
  const columns = readdirSync(part).filter((name) => name.endsWith('.bin') && !name.startsWith('skp_idx'));
  const [largest = ''] = columns.sort((one, other) => bytesOf(join(part, other)) - bytesOf(join(part, one)));
  return join(part, largest);
}

function flipBytes(path: string): void {
  const file = openSync(path, 'r+');
  const middle = Math.floor(statSync(path).size / 2);
  writeSync(file, Buffer.from([0x41, 0x42, 0x43]), 0, 3, middle);
}

function bytesOf(path: string): number {
  const { size } = statSync(path);
  if (!statSync(path).isDirectory()) return size;
  return readdirSync(path).reduce((sum, name) => sum + statSync(join(path, name)).size, 0);
}
