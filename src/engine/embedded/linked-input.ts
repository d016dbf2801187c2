import { constants, mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { copyFile, link, mkdir, rm } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { quoteString } from '../bound-parameter.ts';
import type { Input, InputFile } from '../engine.ts';
import type { EngineError } from '../engine-error.ts';
import { formatColumns } from '../input-columns.ts';
import { checkSameInput, identifyInput, unreadableBecause } from '../input-file.ts';

/**
 * For reading files: `mmap`, the default, takes twice as long for small ones, and the process dies when a file
 * shrinks while it is mapped.
 */
export const inputSettings = { storage_file_read_method: 'pread' };

/** Files are linked and checked this many at a time, so that thousands of them do not block the event loop. */
const filesPerTurn = 100;

/** Folders for inputs before the engine reads them. */
export interface InputFolders {
  /** For links; see `scratch-directory.ts`. */
  readonly links: string;
  /** For copies of files that the engine's process may not open in place; on the store's disk. */
  readonly copies: string;
  /** Real paths that it may open. */
  readonly readable: readonly string[];
}

/** One INSERT's files under names that the engine accepts: `0000001.log.gz`, `0000002.log`, … in one directory. */
export class LinkedInput {
  /** The FROM clause with the columns of {@link Input}. */
  readonly source: string;
  readonly #directory: string;
  readonly #copies: string;
  readonly #input: Input;
  readonly #before: string[] = [];

  private constructor({ links, copies }: InputFolders, id: string, input: Input) {
    this.#directory = join(links, id);
    this.#copies = join(copies, id);
    this.#input = input;
    this.source = sourceClause(this.#directory, input);
  }

  /**
   * @param id unique as a file name
   * @throws EngineError `TAILRACE_INPUT_UNREADABLE` for a file that is missing, not a file, or unreadable
   */
  static async open(folders: InputFolders, id: string, input: Input): Promise<LinkedInput> {
    const linked = new LinkedInput(folders, id, input);
    mkdirSync(linked.#directory, { recursive: true });
    try {
      for (const [index, file] of input.files.entries()) {
        linked.#before.push(identifyInput(file, index));
        const name = linkName(input, file, index);
        const path = realpathSync(file.path);
        const target = isBelow(path, folders.readable) ? path : await linked.#copy(path, name);
        symlinkSync(target, join(linked.#directory, name));
        if (index % filesPerTurn === filesPerTurn - 1) await setImmediate();
      }
    } catch (error) {
      await linked.remove();
      throw error;
    }
    return linked;
  }

  /**
   * The engine silently skips a dangling link, so a file that disappeared while it was read must be
   * detected here. @throws EngineError `TAILRACE_INPUT_UNREADABLE`
   */
  async checkUnchanged(): Promise<void> {
    for (const [index, file] of this.#input.files.entries()) {
      if (index % filesPerTurn === filesPerTurn - 1) await setImmediate();
      checkSameInput(file, index, this.#before[index]);
    }
  }

  /** Adds the file that an engine error names in its text. */
  blame(error: EngineError): EngineError {
    const name = /\/(\d{7})\.(?:log|parquet)\b/.exec(String(error.cause))?.[1];
    if (name === undefined || error.code !== 'TAILRACE_QUERY_FAILED') return error;
    const index = Number(name) - 1;
    const file = this.#input.files[index];
    if (file === undefined) return error;
    return unreadableBecause(file, index, readingFault(error, this.#directory), 'replace it by a complete copy', error);
  }

  async remove(): Promise<void> {
    for (const folder of [this.#directory, this.#copies]) await rm(folder, { recursive: true, force: true });
  }

  /** On the same disk a hard link costs nothing; on another one the bytes are copied. */
  async #copy(path: string, name: string): Promise<string> {
    await mkdir(this.#copies, { recursive: true, mode: 0o700 });
    const copy = join(this.#copies, name);
    try {
      await link(path, copy);
    } catch {
      await copyFile(path, copy, constants.COPYFILE_FICLONE);
    }
    return copy;
  }
}

function isBelow(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep));
}

function linkName({ kind }: Input, { gzip }: InputFile, index: number): string {
  const suffix = (kind === 'parquet' ? 'parquet' : 'log') + (gzip ? '.gz' : '');
  return `${String(index + 1).padStart(7, '0')}.${suffix}`;
}

function sourceClause(directory: string, input: Input): string {
  const files = quoteString(`${escapeGlob(directory)}/*`);
  const place = 'toUInt32(substring(_file, 1, 7)) AS object, _row_number AS line_number';
  if (input.kind === 'lines') {
    return `(SELECT ${place}, line FROM file(${files}, 'LineAsString', 'line String'))`;
  }
  const columns = formatColumns(input);
  return `(SELECT ${place}, ${columns.names} FROM file(${files}, 'Parquet', ${quoteString(columns.structure)}))`;
}

/**
 * The store's own path may hold glob characters. Each becomes "any character", which is
 * exact because the last directory is unique.
 */
export function escapeGlob(path: string): string {
  return path.replace(/[*?{}[\]\\:]/g, '?');
}

function readingFault(error: EngineError, directory: string): string {
  if (/inflate failed/.test(error.message)) return 'its gzip data is damaged or ends too early';
  return error.message.replace('cannot run the query: ', '').replaceAll(directory, '');
}
