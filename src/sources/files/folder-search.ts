import { existsSync, type readdir } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { glob } from 'tinyglobby';
import { isDecoded, readFolder } from './file-names.ts';

/** Folders that the kernel makes: there are no logs in them, and reading some of them never ends. */
const kernelFolders = ['/proc', '/sys', '/dev'];
/** An archive by hours has some hundred thousand; links that lead in circles have no end. */
const mostFolders = 1_000_000;

/** Counts the folders that a search opens, and keeps it from those where nothing is to be found. */
export class FolderSearch {
  readonly start: string;
  readonly #onFolder: (folders: number) => void;
  readonly #most: number;
  #folders = 0;

  /**
   * @param start absolute, a folder; in a kernel's folder only a search that begins there looks
   * @param onFolder told of each folder, with how many they are so far
   */
  constructor(start: string, onFolder: (folders: number) => void = () => {}, most = mostFolders) {
    this.start = start;
    this.#onFolder = onFolder;
    this.#most = most;
  }

  get folders(): number {
    return this.#folders;
  }

  /** Whether a folder is to be opened. */
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

  /** Paths that were found and cannot be opened, because a name in them is not UTF-8. */
  readonly undecodable = new Set<string>();

  /** @returns those of the files that can be opened; the others are {@link undecodable} */
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

/** A store of this program, which by default lies in the folder where people run it, beside their logs. */
function isStore(folder: string): boolean {
  return existsSync(join(folder, 'users.xml')) && existsSync(join(folder, 'clickhouse'));
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

/**
 * The files that a glob leads to, hidden ones and folders that may not be read left out.
 *
 * @param pattern absolute, or from where the search starts
 * @returns absolute paths; symbolic links are followed and not resolved
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
