import {
  backslash,
  blank,
  carriageReturn,
  closeBrace,
  closeBracket,
  comma,
  newline,
  openBrace,
  openBracket,
  quote,
  tab,
} from './ascii.ts';

const lineEnd = Buffer.from('\n');

const maxBlanks = 1000;

/** Position of the unfolder in a line. */
type Place = 'beginning' | 'between' | 'element' | 'behind' | 'other';

/**
 * Streams the elements of JSON documents onto lines of their own: those of the list in `{"<key>":[…]}`, or objects that
 * are side by side in one line. Holds only the beginning of a line that may be such a document. Any other line
 * passes unchanged. A broken document ends with its line; the rest after a list is a line too, so that nothing is lost.
 */
export class DocumentUnfolder {
  readonly #opening: Buffer;
  readonly #isList: boolean;
  #place: Place = 'beginning';
  /** Number of matched bytes of the opening, and these bytes. */
  #matched = 0;
  #blanks = 0;
  #held: Uint8Array[] = [];
  #depth = 0;
  #isText = false;
  #isEscaped = false;

  /** @param key of the list; if absent, objects are side by side */
  constructor(key: string | undefined) {
    this.#isList = key !== undefined;
    this.#opening = Buffer.from(key === undefined ? '' : `{"${key}":[`);
  }

  push(chunk: Uint8Array): Uint8Array {
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < chunk.length; ) at = this.#step(chunk, at, pieces);
    return Buffer.concat(pieces);
  }

  /** The held beginning of an unfinished line. */
  end(): Uint8Array {
    return Buffer.concat(this.#held.splice(0));
  }

  #step(chunk: Uint8Array, at: number, pieces: Uint8Array[]): number {
    switch (this.#place) {
      case 'beginning':
        return this.#begin(chunk, at, pieces);
      case 'between':
        return this.#findElement(chunk, at, pieces);
      case 'element':
        return this.#passElement(chunk, at, pieces);
      case 'behind':
        return this.#skipClosing(chunk, at, pieces);
      case 'other':
        return this.#passLine(chunk, at, pieces);
    }
  }

  #begin(chunk: Uint8Array, at: number, pieces: Uint8Array[]): number {
    for (let next = at; next < chunk.length; next++) {
      if (this.#matched === this.#opening.length) return this.#open(chunk, next);
      const byte = chunk[next] as number;
      if (byte === this.#opening[this.#matched]) this.#matched++;
      else if (!(isBlank(byte) && this.#mayBeBlank())) {
        pieces.push(...this.#held.splice(0), chunk.subarray(at, next));
        this.#goTo('other');
        return next;
      }
    }
    this.#held.push(chunk.slice(at));
    return chunk.length;
  }

  #open(chunk: Uint8Array, next: number): number {
    this.#held = [];
    this.#goTo(this.#isList || chunk[next] === openBrace ? 'between' : 'other');
    return next;
  }

  /** Only outside of the key, and only a few. */
  #mayBeBlank(): boolean {
    const isWithinKey = this.#matched > 1 && this.#matched < this.#opening.length - 2;
    return !isWithinKey && ++this.#blanks <= maxBlanks;
  }

  #findElement(chunk: Uint8Array, at: number, pieces: Uint8Array[]): number {
    const byte = chunk[at] as number;
    if (byte === newline) this.#goTo('beginning');
    else if (this.#isList && byte === closeBracket) this.#goTo('behind');
    else if (!isBlank(byte) && !(this.#isList && byte === comma)) {
      this.#goTo(this.#isList || byte === openBrace ? 'element' : 'other');
      return this.#step(chunk, at, pieces);
    }
    return at + 1;
  }

  #passElement(chunk: Uint8Array, at: number, pieces: Uint8Array[]): number {
    for (let next = at; next < chunk.length; next++) {
      const byte = chunk[next] as number;
      if (byte === newline) {
        pieces.push(chunk.subarray(at, next + 1));
        this.#goTo('beginning');
        return next + 1;
      }
      if (this.#isText) this.#readText(byte);
      else if (byte === quote) this.#isText = true;
      else if (byte === openBrace || byte === openBracket) this.#depth++;
      else if (byte === closeBrace || byte === closeBracket) {
        if (this.#depth === 0) return this.#endElement(chunk, at, next, pieces);
        if (--this.#depth === 0) return this.#endElement(chunk, at, next + 1, pieces);
      } else if (byte === comma && this.#depth === 0) return this.#endElement(chunk, at, next, pieces);
    }
    pieces.push(chunk.subarray(at));
    return chunk.length;
  }

  #readText(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === backslash) this.#isEscaped = true;
    else if (byte === quote) this.#isText = false;
  }

  #endElement(chunk: Uint8Array, at: number, end: number, pieces: Uint8Array[]): number {
    pieces.push(chunk.subarray(at, end), lineEnd);
    this.#goTo('between');
    return end;
  }

  #skipClosing(chunk: Uint8Array, at: number, pieces: Uint8Array[]): number {
    const byte = chunk[at] as number;
    if (byte === newline) this.#goTo('beginning');
    else if (byte !== closeBrace && !isBlank(byte)) {
      this.#goTo('other');
      return this.#passLine(chunk, at, pieces);
    }
    return at + 1;
  }

  #passLine(chunk: Uint8Array, at: number, pieces: Uint8Array[]): number {
    const end = chunk.indexOf(newline, at);
    const until = end === -1 ? chunk.length : end + 1;
    pieces.push(...this.#held.splice(0), chunk.subarray(at, until));
    if (end !== -1) this.#goTo('beginning');
    return until;
  }

  #goTo(place: Place): void {
    this.#place = place;
    this.#matched = 0;
    this.#blanks = 0;
    this.#depth = 0;
    this.#isText = false;
    this.#isEscaped = false;
  }
}

function isBlank(byte: number): boolean {
  return byte === blank || byte === tab || byte === carriageReturn;
}
