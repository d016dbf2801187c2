/** Documents of a `_bulk` request, each of them with its action. */
export interface BulkPart {
  readonly bytes: Uint8Array;
  /** Where each document ends. */
  readonly ends: readonly number[];
  /** What each document belongs to, as it was said when it was {@link BulkCutter.push pushed}. */
  readonly owners: readonly number[];
}

const newline = 10;
const linesOfDocument = 2;

/**
 * Cuts lines that come in pieces of any size into parts of whole documents. A part has at most as many bytes as are wanted, unless one
 * document alone has more.
 */
export class BulkCutter {
  readonly #mostBytes: number;
  #buffer: Buffer;
  #used = 0;
  #lines = 0;
  #ends: number[] = [];
  #owners: number[] = [];

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
    this.#buffer = Buffer.allocUnsafe(mostBytes);
  }

  /** @returns the parts that are full with it */
  *push(piece: Uint8Array, owner: number): Generator<BulkPart> {
    let from = 0;
    for (let at = piece.indexOf(newline); at !== -1; at = piece.indexOf(newline, at + 1)) {
      this.#lines++;
      if (this.#lines < linesOfDocument) continue;
      this.#lines = 0;
      this.#append(piece.subarray(from, at + 1));
      from = at + 1;
      if (this.#used > this.#mostBytes && this.#ends.length > 0) yield this.#cut();
      this.#ends.push(this.#used);
      this.#owners.push(owner);
    }
    this.#append(piece.subarray(from));
  }

  /** @returns what is left, if anything */
  end(): BulkPart | undefined {
    if (this.#used !== (this.#ends.at(-1) ?? 0)) throw new Error('BUG: the engine ended within a document');
    return this.#ends.length > 0 ? this.#cut() : undefined;
  }

  #append(bytes: Uint8Array): void {
    if (this.#used + bytes.length > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(2 * (this.#used + bytes.length));
      larger.set(this.#buffer.subarray(0, this.#used));
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  /** All whole documents; what follows them begins the next part. */
  #cut(): BulkPart {
    const end = this.#ends.at(-1) ?? 0;
    const part = { bytes: this.#buffer.subarray(0, end), ends: this.#ends, owners: this.#owners };
    const rest = this.#buffer.subarray(end, this.#used);
    this.#buffer = Buffer.allocUnsafe(Math.max(this.#mostBytes, 2 * rest.length));
    this.#used = 0;
    this.#ends = [];
    this.#owners = [];
    this.#append(rest);
    return part;
  }
}

export function documentOf({ bytes, ends }: BulkPart, index: number): Uint8Array {
  return bytes.subarray(index === 0 ? 0 : ends[index - 1], ends[index]);
}

/** The action before a document. */
export function actionOf(document: Uint8Array): { readonly _index: string; readonly _id: string } {
  return JSON.parse(Buffer.from(document.subarray(0, document.indexOf(newline))).toString()).create;
}

/** Some documents of a part, in the order of their indexes. */
export function selectDocuments(part: BulkPart, indexes: readonly number[]): BulkPart {
  let end = 0;
  const documents = indexes.map((index) => documentOf(part, index));
  return {
    bytes: Buffer.concat(documents),
    ends: documents.map(({ length }) => {
      end += length;
      return end;
    }),
    owners: indexes.map((index) => part.owners[index] as number),
  };
}
