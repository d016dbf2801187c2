import { openEnd } from '../../framing/events/open-end.ts';
import { type Charset, charsetOf } from '../../framing/lines/charset.ts';
import { firstLine, unitBytes, wholeLines } from '../../framing/lines/line-boundaries.ts';
import { toLines } from '../../framing/lines/unpack-lines.ts';
import { maxLineBytes } from '../../schema/line-bound.ts';
import type { PartStatus } from '../source.ts';
import { edgeBytes, type Generation, hashEdge, type ReadUntil } from './file-generation.ts';
import type { ReadableBytes } from './readable-bytes.ts';

/** Whole lines of a generation that come next. */
export interface NextLines {
  readonly from: number;
  readonly read: ReadUntil;
  readonly chunks: readonly Uint8Array[];
}

/** What one delivery holds at most: of a line that is too long, so much as tells that it is. */
export const maxChunkBytes = maxLineBytes + 1;
/** After so long the end of a file that was replaced is taken without its newline: nobody goes on with that line. */
const replacedStillMs = 5000;
/** So long lines are waited for that may belong to the last one. */
const eventStillMs = 500;
/** A writer with a buffer may leave half a line standing for long, so a file at its place is given more time. */
const inPlaceStillMs = 3_600_000;
/** A writer that was not told of the rotation goes on with the old file for a while. */
const finishedStillMs = 300_000;

const newline = Buffer.from('\n');
const carriageReturn = 0x0d;

/** So much of the beginning tells the charset. */
const headBytes = 256;

/** A generation with the file that goes on with it. */
export class FollowedFile {
  readonly content: ReadableBytes;
  generation: Generation;
  /** Where it lies now, as far as the patterns lead to it. */
  #place: string | undefined;
  #replacedAtMs: number | undefined = Date.now();
  /** What was last looked at and held no whole line. */
  #looked: { readonly bytes: number; readonly modifiedMs: number } | undefined;
  #waitingSinceMs: number | undefined;
  /** Told by the beginning of the file, once there is so much of it that it says the same for good. */
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

  /** Told after each look at the patterns; `undefined` when they lead to it no longer. */
  set place(path: string | undefined) {
    this.#place = path;
    if (path === this.generation.path) this.#replacedAtMs = undefined;
    else this.#replacedAtMs ??= Date.now();
  }

  /** Whether there is nothing more to come. */
  isFinished(): boolean {
    return this.#place === undefined && this.content.bytes === this.position && this.#stoodStill(finishedStillMs);
  }

  /**
   * Reads on, without moving the position.
   * @returns nothing when there is no whole line; `rewritten` when what was read before is no longer there
   * @throws NodeJS.ErrnoException
   */
  async next(): Promise<NextLines | 'rewritten' | undefined> {
    const { content, position } = this;
    if (content.bytes < position) return 'rewritten';
    const { bytes, modifiedMs } = content;
    const endsHere = this.#stoodStill(this.#replacedAtMs === undefined ? inPlaceStillMs : replacedStillMs);
    const isUnchanged = this.#looked?.bytes === bytes && this.#looked.modifiedMs === modifiedMs;
    if (isUnchanged && (bytes === position || !endsHere)) return undefined;
    // The edge before the position is read again: a file that was cut and grew beyond it is another one.
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
    // A writer is in the middle of an event for a moment; what waits is read again.
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

  /** Whether what comes next belongs to a line of which the beginning was taken, because it is too long. */
  async #isWithinLongLine(before: Buffer, charset: Charset): Promise<boolean> {
    const mostBytes = maxChunkBytes * unitBytes(charset);
    if (this.position < mostBytes || before.at(-1) === carriageReturn) return false;
    if (firstLine(before.subarray(-unitBytes(charset)), charset) > 0) return false;
    return wholeLines(await this.content.read(this.position - mostBytes, mostBytes), charset).bytes === 0;
  }

  /** Goes on behind the line, or as far as is known of it; nothing of it is stored. */
  #skipLine(all: Buffer, overlap: number, charset: Charset): NextLines {
    const end = firstLine(all.subarray(overlap), charset) || all.length - overlap;
    return { from: this.position, read: this.#readUntil(all.subarray(0, overlap + end)), chunks: [] };
  }

  /** @param all what lies before the new position, from the old one's edge on */
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

  /** Its lines wait to be stored from now on, unless they do already. */
  wait(): void {
    if (this.content.bytes > this.position) this.#waitingSinceMs ??= Date.now();
  }

  status(): PartStatus {
    const name = this.#place ?? this.generation.path;
    const since = this.#waitingSinceMs;
    return { name, ...(since === undefined ? {} : { oldestUnacknowledgedMs: Date.now() - since }) };
  }

  /** Everything before it is stored. */
  advance(read: ReadUntil): void {
    this.generation = { ...this.generation, read };
    this.#waitingSinceMs = undefined;
  }

  #stoodStill(forMs: number): boolean {
    const lastMs = Math.max(this.content.modifiedMs, this.#replacedAtMs ?? 0);
    return Date.now() - lastMs >= forMs;
  }
}
