import { continues, type Generation, parseGeneration } from './file-generation.ts';
import type { FoundFile } from './find-files.ts';
import type { OpenFile } from './open-file.ts';
import type { ReadableBytes } from './readable-bytes.ts';
import { isRotatedFrom, unrotatedName } from './rotated-name.ts';

/** Generations that were read before and that no open file continues so far, latest first. */
export class KnownGenerations {
  readonly #byOrigin = new Map<string, Generation>();
  /** By inode, and by the name without rotation suffixes. */
  readonly #origins = new Map<string, Set<string>>();
  /** Fingerprints of stored complete files. */
  readonly #fingerprints = new Set<string>();

  /** @param stored origin → version, from the ledger */
  load(stored: ReadonlyMap<string, string>): void {
    for (const [origin, version] of stored) {
      const generation = parseGeneration(origin, version);
      if (generation) this.add(generation);
      else this.#fingerprints.add(version);
    }
  }

  add(generation: Generation): void {
    this.#byOrigin.set(generation.origin, generation);
    for (const index of indexes(generation)) {
      const origins = this.#origins.get(index) ?? new Set();
      this.#origins.set(index, origins.add(generation.origin));
    }
  }

  remove(generation: Generation): void {
    this.#byOrigin.delete(generation.origin);
    for (const index of indexes(generation)) this.#origins.get(index)?.delete(generation.origin);
  }

  /** Paths where they were first seen; renamed files are in the same folder. */
  paths(): readonly string[] {
    return [...this.#byOrigin.values()].map(({ path }) => path);
  }

  /** Whether a file is worth opening: by its inode or name it may continue one of these. */
  mayContinue({ path, key }: FoundFile): boolean {
    const inode = key.slice(key.indexOf(':') + 1);
    return [inodeIndex(inode), nameIndex(path)].some((index) => (this.#origins.get(index)?.size ?? 0) > 0);
  }

  has(origin: string): boolean {
    return this.#byOrigin.has(origin);
  }

  isStored(fingerprint: string): boolean {
    return this.#fingerprints.has(fingerprint);
  }

  addStored(fingerprint: string): void {
    this.#fingerprints.add(fingerprint);
  }

  removeStored(fingerprint: string): void {
    this.#fingerprints.delete(fingerprint);
  }

  /** The generation that this file continues, whatever its current name. */
  findSame(file: OpenFile): Promise<Generation | undefined> {
    return this.#find(inodeIndex(file.inode), file, () => true);
  }

  /** The generation that was copied into this file: rotated by copying, compressed, restored under the same name. */
  findCopied(content: ReadableBytes, path: string): Promise<Generation | undefined> {
    return this.#find(
      nameIndex(path),
      content,
      ({ path: original, read }) => read.until > 0 && (path === original || isRotatedFrom(path, original)),
    );
  }

  async #find(index: string, content: ReadableBytes, isPossible: (generation: Generation) => boolean) {
    for (const origin of [...(this.#origins.get(index) ?? [])].sort(latestFirst)) {
      const generation = this.#byOrigin.get(origin);
      if (generation && isPossible(generation) && (await continues(content, generation))) return generation;
    }
    return undefined;
  }
}

function indexes({ path, read }: Generation): readonly string[] {
  return [inodeIndex(read.inode), nameIndex(path)];
}

function inodeIndex(inode: string): string {
  return `inode ${inode}`;
}

function nameIndex(path: string): string {
  return `name ${unrotatedName(path)}`;
}

function latestFirst(one: string, other: string): number {
  const seen = (origin: string) => origin.slice(origin.lastIndexOf('?'));
  return seen(one) < seen(other) ? 1 : -1;
}
