import { mkdirSync, symlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { quoteString } from '../bound-parameter.ts';
import type { Input, InputFile } from '../engine.ts';
import type { EngineError } from '../engine-error.ts';
import { formatColumns } from '../input-columns.ts';
import { checkSameInput, identifyInput, unreadableBecause } from '../input-file.ts';

/**
 * For reading files: `mmap`, the default, takes twice as long for small ones, and a signal ends the process when a file
 * shrinks while it is mapped.
 */
export const inputSettings = { storage_file_read_method: 'pread' };

/** Files are linked and checked this many at a time, so that thousands of them do not hold up the event loop. */
const filesPerTurn = 100;

/** One INSERT's files under names that the engine can take: `0000001.log.gz`, `0000002.log`, … in a directory of their own. */
export class LinkedInput {
  /** The FROM clause with the columns that {@link Input} promises. */
  readonly source: string;
  readonly #directory: string;
  readonly #input: Input;
  readonly #before: string[] = [];

  private constructor(directory: string, input: Input) {
    this.#directory = directory;
    this.#input = input;
    this.source = sourceClause(directory, input);
  }

  /**
   * @param directory does not exist yet, and its last part exists nowhere else
   * @throws EngineError `TAILRACE_INPUT_UNREADABLE` for a file that is missing, no file, or may not be read
   */
  static async open(directory: string, input: Input): Promise<LinkedInput> {
    const linked = new LinkedInput(directory, input);
    mkdirSync(directory, { recursive: true });
    try {
      for (const [index, file] of input.files.entries()) {
        linked.#before.push(identifyInput(file, index));
        symlinkSync(resolve(file.path), join(directory, linkName(input, file, index)));
        if (index % filesPerTurn === filesPerTurn - 1) await setImmediate();
      }
    } catch (error) {
      await linked.remove();
      throw error;
    }
    return linked;
  }

  /**
   * The engine skips a link that leads nowhere without a word, so a file that went away while it was read must be
   * found here. @throws EngineError `TAILRACE_INPUT_UNREADABLE`
   */
  async checkUnchanged(): Promise<void> {
    for (const [index, file] of this.#input.files.entries()) {
      if (index % filesPerTurn === filesPerTurn - 1) await setImmediate();
      checkSameInput(file, index, this.#before[index]);
    }
  }

  /** Names the file that an error of the engine is about, where its text does. */
  blame(error: EngineError): EngineError {
    const name = /\/(\d{7})\.(?:log|parquet)\b/.exec(String(error.cause))?.[1];
    if (name === undefined || error.code !== 'TAILRACE_QUERY_FAILED') return error;
    const index = Number(name) - 1;
    const file = this.#input.files[index];
    if (file === undefined) return error;
    return unreadableBecause(file, index, readingFault(error, this.#directory), 'replace it by a complete copy', error);
  }

  async remove(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }
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
 * The store's own path may hold characters that mean something in a pattern. Each becomes "any character", which is
 * exact because the last directory exists once only.
 */
function escapeGlob(path: string): string {
  return path.replace(/[*?{}[\]\\:]/g, '?');
}

function readingFault(error: EngineError, directory: string): string {
  if (/inflate failed/.test(error.message)) return 'its gzip data is damaged or ends too early';
  return error.message.replace('cannot run the query: ', '').replaceAll(directory, '');
}
