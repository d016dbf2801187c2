import { createReadStream, readFileSync, statSync } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { createGunzip, gunzipSync } from 'node:zlib';
import type { InputFile } from '../engine.ts';
import { EngineError } from '../engine-error.ts';
import { checkSameInput, identifyInput, unreadableInput } from '../input-file.ts';

/**
 * Structure of the rows of {@link frameLines}, in ClickHouse's format `RowBinary`: file, line number, bytes.
 * Numbering the lines here, not in the server, keeps them right whatever the server does in parallel, and lets all
 * files share one INSERT, so that they are stored together or not at all.
 */
export const framedStructure = 'object UInt32, line_number UInt64, line String';
export const framedFormat = 'RowBinary';

const bufferBytes = 1024 * 1024;
const readBytes = 256 * 1024;
/** Small files are read synchronously, so other work gets a turn after this many. */
const filesPerTurn = 32;
const smallBytes = 64 * 1024;
const maxSmallOutputBytes = 4 * 1024 * 1024;
const maxHeaderBytes = 4 + 8 + 5;
/** Maximum held part of a line: more than the longest that is sent on purpose. */
const maxHeldBytes = 64 * 1024 * 1024;
const newline = 0x0a;

/**
 * The lines of files, as bytes without the newline; a carriage return is kept, and an empty last line is
 * dropped. Holds about a megabyte and the longest line in memory.
 *
 * @throws EngineError `TAILRACE_INPUT_UNREADABLE`, for a line above 64 MiB `TAILRACE_QUERY_LIMIT`, with the file's number
 */
export async function* frameLines(files: readonly InputFile[]): AsyncGenerator<Buffer> {
  const rows = new RowBuffer();
  for (const [index, file] of files.entries()) {
    if (index % filesPerTurn === filesPerTurn - 1) await setImmediate();
    const before = identifyInput(file, index);
    const lines = new LineSplitter(rows, index + 1);
    try {
      for await (const chunk of readSmall(file) ?? openInput(file)) {
        lines.push(chunk as Buffer);
        if (lines.heldBytes > maxHeldBytes) throw lineTooLong(file, index);
        yield* rows.takeFull();
      }
    } catch (cause) {
      throw unreadableInput(file, index, cause);
    }
    lines.end();
    checkSameInput(file, index, before);
  }
  rows.flush();
  yield* rows.takeFull();
}

/**
 * Reads a small file at once, because a stream costs a millisecond per file. Undefined for a file that is
 * not small, or becomes large when decompressed.
 */
function readSmall(file: InputFile): readonly Buffer[] | undefined {
  if (statSync(file.path).size > smallBytes) return undefined;
  const bytes = readFileSync(file.path);
  if (!file.gzip || bytes.length === 0) return [bytes];
  try {
    return [gunzipSync(bytes, { maxOutputLength: maxSmallOutputBytes })];
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The decompressed bytes of one file; concatenated gzip members are one stream. */
export function openInput(file: InputFile): Readable {
  const bytes = createReadStream(file.path, { highWaterMark: readBytes });
  // An empty file is an empty log for the embedded engine but truncated gzip for zlib.
  if (!file.gzip || statSync(file.path).size === 0) return bytes;
  // An error of either stream reaches the one that is read.
  return pipeline(bytes, createGunzip({ chunkSize: readBytes }), () => {});
}

/** Same code as from the embedded engine when memory runs out: the file is then read in another way. */
function lineTooLong(file: InputFile, index: number): EngineError {
  return new EngineError(
    'TAILRACE_QUERY_LIMIT',
    `cannot read the file "${file.path}": it has a line of more than ${maxHeldBytes / 1024 ** 2} MiB; cut the line`,
    { object: index + 1 },
  );
}

class LineSplitter {
  readonly #rows: RowBuffer;
  readonly #object: number;
  #number = 0;
  #begun: Buffer[] = [];
  #heldBytes = 0;

  constructor(rows: RowBuffer, object: number) {
    this.#rows = rows;
    this.#object = object;
  }

  /** Held bytes of an unfinished line. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      this.#complete(chunk.subarray(start, end));
      start = end + 1;
    }
    if (start === chunk.length) return;
    this.#begun.push(chunk.subarray(start));
    this.#heldBytes += chunk.length - start;
  }

  end(): void {
    if (this.#begun.length > 0) this.#complete(Buffer.alloc(0));
  }

  #complete(last: Buffer): void {
    this.#rows.add(this.#object, this.#number, [...this.#begun, last]);
    this.#number++;
    this.#begun = [];
    this.#heldBytes = 0;
  }
}

/** Packs rows into buffers of a megabyte; the parts of a longer line are passed on unchanged. */
class RowBuffer {
  #buffer = Buffer.allocUnsafe(bufferBytes);
  #used = 0;
  #full: Buffer[] = [];

  add(object: number, lineNumber: number, parts: readonly Buffer[]): void {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    if (this.#used + maxHeaderBytes + length > bufferBytes) this.flush();
    this.#addHeader(object, lineNumber, length);
    if (this.#used + length > bufferBytes) {
      this.flush();
      this.#full.push(...parts);
      return;
    }
    for (const part of parts) {
      this.#buffer.set(part, this.#used);
      this.#used += part.length;
    }
  }

  takeFull(): Buffer[] {
    const full = this.#full;
    this.#full = [];
    return full;
  }

  flush(): void {
    if (this.#used === 0) return;
    this.#full.push(this.#buffer.subarray(0, this.#used));
    this.#buffer = Buffer.allocUnsafe(bufferBytes);
    this.#used = 0;
  }

  #addHeader(object: number, lineNumber: number, length: number): void {
    this.#used = this.#buffer.writeUInt32LE(object, this.#used);
    this.#used = this.#buffer.writeUInt32LE(lineNumber % 2 ** 32, this.#used);
    this.#used = this.#buffer.writeUInt32LE(Math.floor(lineNumber / 2 ** 32), this.#used);
    let rest = length;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80))
      this.#used = this.#buffer.writeUInt8((rest % 0x80) | 0x80, this.#used);
    this.#used = this.#buffer.writeUInt8(rest, this.#used);
  }
}
