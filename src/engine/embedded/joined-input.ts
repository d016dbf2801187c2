import { appendFileSync, closeSync, fstatSync, mkdirSync, openSync, readSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { CountedLines } from '../../framing/files/whole-content.ts';
import { quoteString } from '../bound-parameter.ts';
import type { Input, InputFile } from '../engine.ts';
import { unreadableBecause, unreadableInput } from '../input-file.ts';
import { escapeGlob, type InputFolders } from './linked-input.ts';

/** Written at once: a few hundred small files, between which other work has its turn. */
const writtenBytes = 1024 * 1024;
/** Fewer are read as they lie. */
const fewFiles = 8;

type CountedFile = InputFile & { readonly lines: CountedLines };

/**
 * One INSERT's small files as one file. The engine takes as long to open a file as to read fifty lines of it; joined, their
 * lines cost what those of one large file do. Members of gzip are joined without being inflated. Which object a line
 * is of follows from its number, as the lines of each are counted.
 */
export class JoinedInput {
  /** The FROM clause with the columns of {@link Input}. */
  readonly source: string;
  readonly #directory: string;

  private constructor(directory: string, path: string, files: readonly CountedFile[]) {
    this.#directory = directory;
    this.source = sourceClause(path, files);
  }

  /**
   * @param id unique as a file name
   * @returns undefined for files that cannot be joined
   * @throws EngineError `TAILRACE_INPUT_UNREADABLE` for a file that is missing, unreadable, or changed
   */
  static async open({ copies }: InputFolders, id: string, { kind, files }: Input): Promise<JoinedInput | undefined> {
    if (kind !== 'lines' || files.length <= fewFiles || !areCounted(files)) return undefined;
    const isGzip = files[0]?.gzip ?? false;
    if (files.some(({ gzip }) => gzip !== isGzip)) return undefined;
    const directory = join(copies, id);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const path = join(directory, isGzip ? 'joined.gz' : 'joined');
    const joined = new JoinedInput(directory, path, files);
    try {
      await writeJoined(path, files, isGzip ? gzipSync('\n') : Buffer.from('\n'));
      return joined;
    } catch (error) {
      await joined.remove();
      throw error;
    }
  }

  async remove(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }
}

function areCounted(files: readonly InputFile[]): files is readonly CountedFile[] {
  return files.every(({ lines }) => lines !== undefined);
}

async function writeJoined(path: string, files: readonly CountedFile[], lineEnd: Buffer): Promise<void> {
  let waiting: Buffer[] = [];
  let bytes = 0;
  const write = () => {
    appendFileSync(path, Buffer.concat(waiting));
    waiting = [];
    bytes = 0;
  };
  for (const [index, file] of files.entries()) {
    const content = readWhole(file, index);
    waiting.push(content);
    if (file.lines.endsMidLine) waiting.push(lineEnd);
    bytes += content.length;
    if (bytes < writtenBytes) continue;
    write();
    await setImmediate();
  }
  write();
}

function readWhole(file: InputFile, index: number): Buffer {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file.path, 'r');
    const { size } = fstatSync(descriptor);
    const buffer = Buffer.allocUnsafe(size);
    if (size === file.bytes && readSync(descriptor, buffer, 0, size, 0) === size) return buffer;
  } catch (cause) {
    throw unreadableInput(file, index, cause);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
  throw unreadableBecause(file, index, 'it changed while it was read', 'ingest it again when it is complete');
}

/** The number of a line is looked up among those of the files' first lines, which the engine does by halving. */
function sourceClause(path: string, files: readonly CountedFile[]): string {
  const starts: number[] = [];
  const objects: number[] = [];
  let next = 0;
  for (const [index, { lines }] of files.entries()) {
    // The last of those that begin with the same line is the one that has it.
    const place = starts.at(-1) === next ? starts.length - 1 : starts.length;
    starts[place] = next;
    objects[place] = index + 1;
    next += lines.count;
  }
  return `(
      SELECT toUInt32(transform(start, [${starts}], [${objects}])) AS object, toUInt64(row - start) AS line_number, line
      FROM (
        SELECT assumeNotNull(_row_number) AS row, roundDown(row, [${starts}]) AS start, line
        FROM file(${quoteString(escapeGlob(path))}, 'LineAsString', 'line String')
      )
    )`;
}
