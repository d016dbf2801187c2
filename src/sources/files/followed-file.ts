import { openEnd } from '../../framing/events/open-end.ts';
import { type Charset, charsetOf } from '../../framing/lines/charset.ts';
import { firstLine, unitBytes, wholeLines } from '../../framing/lines/line-boundaries.ts';
import { toLines } from '../../framing/lines/unpack-lines.ts';
import { maxLineBytes } from '../../schema/line-bound.ts';
import type { PartStatus } from '../source.ts';
import { edgeBytes, type Generation, hashEdge, type ReadUntil } from './file-generation.ts';
import { OpenFile } from './open-file.ts';
import type { ReadableBytes } from './readable-bytes.ts';

/** The next whole lines of a generation. */
export interface NextLines {
  readonly from: number;
  readonly read: ReadUntil;
  readonly chunks: readonly Uint8Array[];
}

/** Largest delivery; enough of a too long line to detect that it is too long. */
export const maxChunkBytes = maxLineBytes + 1;
/** Delay after which the end of a replaced file is read without its newline: no writer continues that line. */
const replacedStillMs = 5000;
/** How long to wait for lines that may belong to the last one. */
const eventStillMs = 500;
/** Longer delay for a file still at its path, because a buffering writer may leave a partial line for long. */
const inPlaceStillMs = 3_600_000;
/** How long a writer that was not notified of the rotation may continue with the old file. */
const finishedStillMs = 300_000;

const newline = Buffer.from('\n');
const carriageReturn = 0x0d;

/** Bytes at the beginning that determine the charset. */
const headBytes = 256;

/** A generation with the file that continues it. */
export class FollowedFile {
  readonly content: ReadableBytes;
  generation: Generation;
  /** Its current path; absent when no pattern matches it. */
  #place: string | undefined;
  #replacedAtMs: number | undefined = Date.now();
  /** The last bytes read that held no whole line. */
  #looked: { readonly bytes: number; readonly modifiedMs: number } | undefined;
  #waitingSinceMs: number | undefined;
  /** Detected from the beginning of the file, once that is long enough to be final. */
  #charset: Charset | undefined;

  constructor(generation: Generation, content: ReadableBytes) {
    this.generation = generation;
    this.content = content;
  }

  get position(): number {
    return this.generation.read.until;
  }

  get place(): string | undefined {
    return this.#place;
  }

  /** Set after each scan of the patterns; `undefined` when none matches the file any more. */
  set place(path: string | undefined) {
    this.#place = path;
    if (path === this.generation.path) this.#replacedAtMs = undefined;
    else this.#replacedAtMs ??= Date.now();
  }

  /** Whether no more lines will come. */
  isFinished(): boolean {
    return this.#place === undefined && this.content.bytes === this.position && this.#stoodStill(finishedStillMs);
  }

  /** Whether what was read is no longer there, though the next read may not have told so yet. @throws NodeJS.ErrnoException */
  async isRewritten(): Promise<boolean> {
    if (!(this.content instanceof OpenFile)) return false;
    const { until, tail } = this.generation.read;
    const overlap = Math.min(until, edgeBytes);
    // A read, because the size is as old as the last scan.
    const edge = await this.content.read(until - overlap, overlap);
    return edge.length < overlap || hashEdge(edge) !== tail;
  }

  /**
   * Reads the next lines without moving the position.
   * @returns undefined when there is no whole line; `rewritten` when the content read before has changed
   * @throws NodeJS.ErrnoException
   */
  async next(): Promise<NextLines | 'rewritten' | undefined> {
    const { content, position } = this;
    if (content.bytes < position) return 'rewritten';
    const { bytes, modifiedMs } = content;
    const endsHere = this.#stoodStill(this.#replacedAtMs === undefined ? inPlaceStillMs : replacedStillMs);
    const isUnchanged = this.#looked?.bytes === bytes && this.#looked.modifiedMs === modifiedMs;
    if (isUnchanged && (bytes === position || !endsHere)) return undefined;
    // Rereads the edge before the position: a file that was truncated and grew beyond it is a different one.
    const overlap = Math.min(position, edgeBytes);
    const charset = await this.#charsetOfAll();
    const mostBytes = maxChunkBytes * unitBytes(charset);
    const all = await content.read(position - overlap, overlap + Math.min(bytes - position, mostBytes));
    if (all.length < overlap || hashEdge(all.subarray(0, overlap)) !== this.generation.read.tail) return 'rewritten';
    if (all.length > overlap && (await this.#isWithinLongLine(all.subarray(0, overlap), charset))) {
      return this.#skipLine(all, overlap, charset);
    }
    const fresh = all.subarray(overlap);
    const { bytes: whole, hasReturns } = wholeLines(fresh, charset);
    // A writer may be in the middle of an event; the waiting lines are read again.
    const ended = charset === 'utf-8' && !this.#stoodStill(eventStillMs) ? openEnd(fresh.subarray(0, whole)) : whole;
    if (ended === 0 && whole > 0 && fresh.length < mostBytes) return undefined;
    const isCut = ended === 0 && fresh.length > 0 && (endsHere || fresh.length >= mostBytes);
    const end = isCut ? whole || fresh.length : ended;
    if (end === 0) {
      this.#looked = { bytes, modifiedMs };
      return undefined;
    }
    const lines = toLines(fresh.subarray(0, end), charset, hasReturns);
    return {
      from: position,
      read: this.#readUntil(all.subarray(0, overlap + end)),
      chunks: isCut && whole === 0 ? [lines, newline] : [lines],
    };
  }

  async #charsetOfAll(): Promise<Charset> {
    if (this.#charset) return this.#charset;
    const head = await this.content.read(0, headBytes);
    const charset = charsetOf(head);
    if (head.length === headBytes) this.#charset = charset;
    return charset;
  }

  /** Whether the next bytes belong to a too long line whose beginning was already taken. */
  async #isWithinLongLine(before: Buffer, charset: Charset): Promise<boolean> {
    const mostBytes = maxChunkBytes * unitBytes(charset);
    if (this.position < mostBytes || before.at(-1) === carriageReturn) return false;
    if (firstLine(before.subarray(-unitBytes(charset)), charset) > 0) return false;
    return wholeLines(await this.content.read(this.position - mostBytes, mostBytes), charset).bytes === 0;
  }

  /** Skips the rest of the line, as far as it is known; nothing of it is stored. */
  #skipLine(all: Buffer, overlap: number, charset: Charset): NextLines {
    const end = firstLine(all.subarray(overlap), charset) || all.length - overlap;
    return { from: this.position, read: this.#readUntil(all.subarray(0, overlap + end)), chunks: [] };
  }

  /** @param all the bytes before the new position, starting at the old position's edge */
  #readUntil(all: Buffer): ReadUntil {
    const { inode, until, head } = this.generation.read;
    const overlap = Math.min(until, edgeBytes);
    return {
      inode,
      until: until + all.length - overlap,
      head: until >= edgeBytes ? head : hashEdge(all.subarray(0, edgeBytes)),
      tail: hashEdge(all.subarray(Math.max(0, all.length - edgeBytes))),
    };
  }

  /** Marks its lines as waiting from now on, unless they are already. */
  wait(): void {
    if (this.content.bytes > this.position) this.#waitingSinceMs ??= Date.now();
  }

  status(): PartStatus {
    const name = this.#place ?? this.generation.path;
    const since = this.#waitingSinceMs;
    return { name, ...(since === undefined ? {} : { oldestUnacknowledgedMs: Date.now() - since }) };
  }

  /** Moves the position; everything before it is stored. */
  advance(read: ReadUntil): void {
    this.generation = { ...this.generation, read };
    this.#waitingSinceMs = undefined;
  }

  #stoodStill(forMs: number): boolean {
    const lastMs = Math.max(this.content.modifiedMs, this.#replacedAtMs ?? 0);
    return Date.now() - lastMs >= forMs;
  }
}

/**
 * Whether one of them was truncated and the next read will tell so. Until then a copy of it cannot be told from a file
 * that was never read.
 * @throws NodeJS.ErrnoException
 */
export async function isAnyRewritten(files: readonly FollowedFile[]): Promise<boolean> {
  for (const file of files) if (await file.isRewritten()) return true;
  return false;
}
