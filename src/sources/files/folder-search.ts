import { existsSync, type readdir } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { glob } from 'tinyglobby';
import { isDecoded, readFolder } from './file-names.ts';

/** Kernel file systems: they hold no logs, and reading some of their files never ends. */
const kernelFolders = ['/proc', '/sys', '/dev'];
/** Limit of folders: an archive by hours has some hundred thousand; cyclic links have no end. */
const mostFolders = 1_000_000;

/** Counts the folders that a search opens, and skips those that cannot contain logs. */
export class FolderSearch {
  readonly start: string;
  readonly #onFolder: (folders: number) => void;
  readonly #most: number;
  #folders = 0;

  /**
   * @param start absolute path of a folder; kernel folders are searched only when the search starts in one
   * @param onFolder called for each folder with the number of folders so far
   */
  constructor(start: string, onFolder: (folders: number) => void = () => {}, most = mostFolders) {
    this.start = start;
    this.#onFolder = onFolder;
    this.#most = most;
  }

  get folders(): number {
    return this.#folders;
  }

  /** Whether a folder should be opened. */
  opens(folder: string): boolean {
    if (this.isOver || this.#isKernels(folder) || isStore(folder)) return false;
    if (!isDecoded(folder)) {
      this.undecodable.add(folder);
      return false;
    }
    this.#folders++;
    this.#onFolder(this.#folders);
    return true;
  }

  /** Found paths that cannot be opened, because a name in them is not UTF-8. */
  readonly undecodable = new Set<string>();

  /** @returns the files that can be opened; the others go to {@link undecodable} */
  decoded(files: readonly string[]): string[] {
    for (const file of files) if (!isDecoded(file)) this.undecodable.add(file);
    return files.filter(isDecoded);
  }

  get isOver(): boolean {
    return this.#folders >= this.#most;
  }

  /** @throws Error when there are too many folders */
  check(): void {
    if (!this.isOver) return;
    throw new Error(
      `more than ${this.#most.toLocaleString('en')} folders were searched; begin with a folder that has fewer below it`,
    );
  }

  #isKernels(folder: string): boolean {
    const found = kernelFolders.find((kernels) => isWithin(folder, kernels));
    return found !== undefined && !isWithin(this.start, found);
  }
}

/** A store of this program, which by default is in the working directory, often beside the logs. */
function isStore(folder: string): boolean {
  return existsSync(join(folder, 'users.xml')) && existsSync(join(folder, 'clickhouse'));
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

/**
 * The files that match a glob, without hidden ones and folders that may not be read.
 *
 * @param pattern absolute, or relative to the start of the search
 * @returns absolute paths; symbolic links are followed but not resolved
 * @throws Error when there are too many folders
 */
export async function globFiles(pattern: string, search: FolderSearch): Promise<string[]> {
  const open = (folder: string, _options: object, callback: Parameters<typeof readFolder>[1]) => {
    if (search.opens(resolve(folder))) readFolder(folder, callback);
    else callback(null, []);
  };
  const fs = { readdir: open as unknown as typeof readdir };
  const files = await glob(pattern, { cwd: search.start, absolute: true, onlyFiles: true, fs });
  search.check();
  return search.decoded(files);
}
