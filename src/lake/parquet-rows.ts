import { open } from 'node:fs/promises';

/** Of a footer: one of a file with a thousand groups of rows and fifty columns has 5 MB. */
const maxFooterBytes = 64 * 1024 * 1024;
/** The length of the footer, and `PAR1`. */
const tailBytes = 8;

/**
 * How many rows a Parquet file says that it holds. A file that was cut has no footer.
 * https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift (FileMetaData)
 * @throws Error when it is not complete Parquet
 */
export async function readParquetRows(path: string): Promise<number> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const tail = await readAt(file, size - tailBytes, tailBytes);
    const length = tail.length === tailBytes ? tail.readUInt32LE(0) : 0;
    if (tail.toString('latin1', 4) !== 'PAR1' || length > Math.min(maxFooterBytes, size - tailBytes)) {
      throw new Error(`"${path}" is not complete Parquet`);
    }
    return new CompactReader(await readAt(file, size - tailBytes - length, length)).readNumber(rowsField);
  } finally {
    await file.close();
  }
}

async function readAt(file: Awaited<ReturnType<typeof open>>, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, Math.max(0, position));
  return buffer.subarray(0, bytesRead);
}

const rowsField = 3;

/** Types of Thrift's compact protocol: https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md */
const types = {
  stop: 0,
  true: 1,
  false: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  struct: 12,
};

class CompactReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** The number in a field of the struct that begins here. */
  readNumber(field: number): number {
    for (let id = 0; ; ) {
      const header = this.#byte();
      const type = header & 0x0f;
      if (type === types.stop) throw new Error('the footer has no number of rows');
      id = header >> 4 === 0 ? this.#zigzag() : id + (header >> 4);
      if (id === field && type === types.i64) return this.#zigzag();
      this.#skip(type);
    }
  }

  #skip(type: number): void {
    if (type === types.true || type === types.false) return;
    if (type === types.byte) this.#at += 1;
    else if (type === types.double) this.#at += 8;
    else if (type === types.i16 || type === types.i32 || type === types.i64) this.#varint();
    else if (type === types.binary) this.#skipBytes();
    else if (type === types.list || type === types.set) this.#skipList();
    else if (type === types.struct) this.#skipStruct();
    else throw new Error(`the footer has a value of type ${type}`);
  }

  #skipBytes(): void {
    const length = this.#varint();
    this.#at += length;
  }

  #skipList(): void {
    const header = this.#byte();
    const count = header >> 4 === 15 ? this.#varint() : header >> 4;
    const type = header & 0x0f;
    for (let item = 0; item < count; item++) {
      // In a list a Boolean has a byte.
      if (type === types.true || type === types.false) this.#at += 1;
      else this.#skip(type);
    }
  }

  #skipStruct(): void {
    for (;;) {
      const header = this.#byte();
      if ((header & 0x0f) === types.stop) return;
      if (header >> 4 === 0) this.#varint();
      this.#skip(header & 0x0f);
    }
  }

  #byte(): number {
    if (this.#at >= this.#bytes.length) throw new Error('the footer is cut');
    return this.#bytes.readUInt8(this.#at++);
  }

  #varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  #zigzag(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
