import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Generation } from './file-generation.ts';
import { explain, type FoundFile, findFiles, lookAt } from './find-files.ts';
import { FollowedFile } from './followed-file.ts';
import { KnownGenerations } from './known-generations.ts';
import { lookAgain, type Newcomer } from './newcomer.ts';
import { OpenFile } from './open-file.ts';
import type { ReadableBytes } from './readable-bytes.ts';
import { isRotatedFrom, unrotatedName } from './rotated-name.ts';

/** All open files: newcomers and followed ones. One scan of the patterns updates the state of each. */
export class FilesAtHand {
  readonly known = new KnownGenerations();
  /** By device and inode. */
  readonly followed = new Map<string, FollowedFile>();
  readonly newcomers = new Map<string, Newcomer>();
  /** Followed files by their name before any rotation. */
  readonly #relatives = new Map<string, Set<FollowedFile>>();
  /** Files that need no action as long as they do not change. */
  readonly #settled = new Map<string, FoundFile>();
  readonly #patterns: readonly string[];
  /** Matches of the patterns at the last scan, and when it started. */
  #last: { readonly keys: ReadonlyMap<string, string>; readonly atMs: number } | undefined;
  #unreadable: readonly string[] = [];
  #patternProblems: readonly string[] = [];

  constructor(patterns: readonly string[]) {
    this.#patterns = patterns;
  }

  /** Descriptions of what currently cannot be followed. */
  get problems(): readonly string[] {
    return [...this.#patternProblems, ...this.#unreadable];
  }

  /** Scans the patterns, and opens new files. */
  async look(): Promise<void> {
    const atMs = Date.now();
    const scanMs = performance.now();
    const { files, problems } = await findFiles(this.#patterns);
    this.#patternProblems = problems;
    const last = this.#last;
    this.#last = { keys: new Map(files.map(({ path, key }) => [path, key])), atMs };
    const found = new Map(files.map((file) => [file.key, file]));
    for (const [key, followed] of this.followed) {
      followed.place = found.get(key)?.path;
      // When the file can no longer be measured, reading it reports why.
      if (followed.content instanceof OpenFile) await measure(followed.content, found.get(key), scanMs);
    }
    for (const [key, newcomer] of this.newcomers) {
      newcomer.path = found.get(key)?.path ?? newcomer.path;
      const isReadable = await measure(newcomer.file, found.get(key), scanMs);
      // It may have been judged meanwhile.
      if (this.newcomers.get(key) !== newcomer) continue;
      lookAgain(newcomer);
      if (!isReadable || (!found.has(key) && isNothing(newcomer))) await this.forget(newcomer);
    }
    for (const key of this.#settled.keys()) if (!found.has(key)) this.#settled.delete(key);
    const unreadable: string[] = [];
    for (const file of files) {
      const problem = await this.#meet(file, true);
      if (problem !== undefined) unreadable.push(problem);
    }
    this.#unreadable = unreadable;
    if (last) await this.#meetMissed(last);
  }

  /**
   * Opens files that were written and rotated away between two scans, so that no scan saw them: where another file has
   * taken a name, those that were rotated from that name and changed since the last scan.
   */
  async #meetMissed({ keys, atMs }: { keys: ReadonlyMap<string, string>; atMs: number }): Promise<void> {
    for (const [path, key] of this.#last?.keys ?? []) {
      if (keys.get(path) === key || !this.#relatives.has(unrotatedName(path))) continue;
      for (const name of await readdir(dirname(path)).catch(() => [])) {
        if (!isRotatedFrom(join(dirname(path), name), path)) continue;
        const file = await lookAt(join(dirname(path), name));
        if (file && file.modifiedMs >= atMs - clockTickMs) await this.#meet(file, true);
      }
    }
  }

  /** Opens files in the same folders that match no pattern and may continue a generation that was read before. */
  async lookBeside(paths: readonly string[]): Promise<void> {
    for (const folder of new Set(paths.map((path) => dirname(path)))) {
      for (const name of await readdir(folder).catch(() => [])) {
        const file = await lookAt(join(folder, name));
        if (file && this.known.mayContinue(file)) await this.#meet(file, false);
      }
    }
  }

  /** @returns a description of the problem, if any */
  async #meet(found: FoundFile, isMatched: boolean): Promise<string | undefined> {
    const { path, key, bytes, modifiedMs } = found;
    if (this.followed.has(key) || this.newcomers.has(key)) return undefined;
    const settled = this.#settled.get(key);
    if (settled?.bytes === bytes && settled.modifiedMs === modifiedMs) return undefined;
    try {
      const file = await OpenFile.open(path);
      // Another file may have taken the name meanwhile.
      if (this.followed.has(file.key) || this.newcomers.has(file.key)) await file.close();
      else {
        const steady = { bytes: file.bytes, modifiedMs: file.modifiedMs, sinceMs: Date.now() };
        this.newcomers.set(file.key, { file, path, isMatched, steady });
      }
      return undefined;
    } catch (cause) {
      const isGone = (cause as NodeJS.ErrnoException).code === 'ENOENT';
      return isGone ? undefined : `cannot follow "${path}": ${explain(cause)}`;
    }
  }

  /** Turns a newcomer into a followed file, which continues a generation that was read before or starts a new one. */
  follow({ file, path, isMatched }: Newcomer, generation: Generation, content: ReadableBytes = file): FollowedFile {
    const read = { ...generation.read, inode: file.inode };
    const followed = new FollowedFile({ ...generation, read }, content);
    followed.place = isMatched ? path : undefined;
    this.known.remove(generation);
    this.newcomers.delete(file.key);
    this.followed.set(file.key, followed);
    const name = unrotatedName(generation.path);
    this.#relatives.set(name, (this.#relatives.get(name) ?? new Set()).add(followed));
    return followed;
  }

  /** Followed files that a file of this name may have been rotated from. */
  originals(path: string): readonly FollowedFile[] {
    const relatives = [...(this.#relatives.get(unrotatedName(path)) ?? [])];
    return relatives.filter(({ generation }) => isRotatedFrom(path, generation.path));
  }

  #drop(key: string, followed: FollowedFile): void {
    const name = unrotatedName(followed.generation.path);
    const relatives = this.#relatives.get(name);
    relatives?.delete(followed);
    if (relatives?.size === 0) this.#relatives.delete(name);
    this.followed.delete(key);
    this.known.add(followed.generation);
  }

  /** Handles truncation: the generation ends, the next one starts, and its unread rest may be in a copy beside it. */
  async restart(key: string, followed: FollowedFile): Promise<void> {
    this.#drop(key, followed);
    const { generation, content, place } = followed;
    if (!(content instanceof OpenFile)) return content.close();
    const path = place ?? generation.path;
    const steady = { bytes: content.bytes, modifiedMs: content.modifiedMs, sinceMs: Date.now() };
    this.newcomers.set(key, { file: content, path, isMatched: true, steady });
    await this.lookBeside([path, generation.path]);
  }

  /** Closes a followed file that is finished, or cannot be read. */
  async release(key: string, followed: FollowedFile): Promise<void> {
    this.#drop(key, followed);
    await followed.content.close().catch(() => {});
  }

  /** Closes a newcomer that needs no action as long as it does not change. */
  async settle(newcomer: Newcomer): Promise<void> {
    const { file, path } = newcomer;
    this.#settled.set(file.key, { path, key: file.key, bytes: file.bytes, modifiedMs: file.modifiedMs });
    await this.forget(newcomer);
  }

  async forget({ file }: Newcomer): Promise<void> {
    this.newcomers.delete(file.key);
    await file.close().catch(() => {});
  }

  async close(): Promise<void> {
    for (const newcomer of this.newcomers.values()) await this.forget(newcomer);
    for (const [key, followed] of this.followed) await this.release(key, followed);
  }
}

/** @returns false when the file can no longer be measured, since a network file system may have lost it */
async function measure(file: OpenFile, found: FoundFile | undefined, scanMs: number): Promise<boolean> {
  if (found) {
    file.measured(found, scanMs);
    return true;
  }
  return file.refresh().then(
    () => true,
    () => false,
  );
}

/** Whether a newcomer was deleted before it had a line, or was only a copy. */
function isNothing({ file, steady, copyOf }: Newcomer): boolean {
  return copyOf !== undefined || (file.bytes === 0 && Date.now() - steady.sinceMs >= emptyMs);
}

/** Largest lag of a file system's clock. */
const clockTickMs = 20;

/** How long a renamed empty file is kept, since a writer may still hold it. */
const emptyMs = 60_000;
