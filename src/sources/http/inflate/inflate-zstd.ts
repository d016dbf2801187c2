import { setImmediate } from 'node:timers/promises';
import type { ZstdDecompressStreamBinding, ZstdModule } from 'zstd-codec/lib/module.js';
import type { BodyHold } from '../body-budget.ts';
import { ByteReader } from './byte-reader.ts';

/** Window size that a decoder must support for HTTP. https://www.rfc-editor.org/rfc/rfc9659 */
const maxWindowBytes = 8 * 1024 * 1024;
const maxBlockBytes = 128 * 1024;
/** Bytes decoded, in a few milliseconds, before yielding to the event loop. */
const bytesPerTurn = 256 * 1024;

const frameMagic = 0xfd2fb528;
/** The first of sixteen. */
const skippableMagic = 0x184d2a50;

/**
 * Decodes streamed zstd frames block by block, so that a few bytes never expand to many at once. Content checksums are
 * verified where present. Node has zstd only from version 22.15.
 * https://www.rfc-editor.org/rfc/rfc8878
 *
 * @param hold accounts for the memory of the decoder
 * @throws Error for data that is not zstd
 */
export async function* inflateZstd(source: AsyncIterable<Uint8Array>, hold: BodyHold): AsyncGenerator<Uint8Array> {
  const input = new ByteReader(source);
  const decoder = new Decoder(await createBinding(), hold);
  try {
    while (!(await input.isAtEnd())) {
      const magic = await input.take(4);
      const number = magic.readUInt32LE();
      if (number === frameMagic) yield* decodeFrame(input, magic, decoder);
      else if (number >>> 4 === skippableMagic >>> 4) await input.skip((await input.take(4)).readUInt32LE());
      else throw new Error('expected a zstd frame');
    }
  } finally {
    decoder.close();
    await input.close();
  }
}

async function* decodeFrame(input: ByteReader, magic: Buffer, decoder: Decoder): AsyncGenerator<Uint8Array> {
  const header = await readFrameHeader(input);
  if (header.windowBytes > maxWindowBytes) {
    throw new Error(`its window has ${header.windowBytes} bytes, more than ${maxWindowBytes}`);
  }
  decoder.reserve(header.windowBytes);
  yield* decoder.decode(magic, header.bytes);
  for (let isLast = false; !isLast; ) {
    const head = await input.take(3);
    const number = head.readUIntLE(0, 3);
    isLast = (number & 1) === 1;
    const isRepeatedByte = ((number >> 1) & 3) === 1;
    const size = number >> 3;
    if (size > maxBlockBytes) throw new Error(`a block has ${size} bytes, more than ${maxBlockBytes}`);
    yield* decoder.decode(head, await input.take(isRepeatedByte ? 1 : size));
    if (decoder.isTurnOver()) await setImmediate();
  }
  if (header.hasChecksum) yield* decoder.decode(await input.take(4));
}

interface FrameHeader {
  /** Without the magic number. */
  readonly bytes: Buffer;
  readonly windowBytes: number;
  readonly hasChecksum: boolean;
}

/** RFC 8878, section 3.1.1.1. */
async function readFrameHeader(input: ByteReader): Promise<FrameHeader> {
  const head = await input.take(1);
  const descriptor = head[0] as number;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const sizeFlag = descriptor >> 6;
  const idBytes = [0, 1, 2, 4][descriptor & 3] as number;
  const sizeBytes = sizeFlag === 0 && !isSingleSegment ? 0 : 1 << sizeFlag;
  const rest = await input.take((isSingleSegment ? 0 : 1) + idBytes + sizeBytes);
  return {
    bytes: Buffer.concat([head, rest]),
    windowBytes: isSingleSegment ? contentBytes(rest.subarray(idBytes)) : windowBytes(rest[0] as number),
    hasChecksum: (descriptor & 4) !== 0,
  };
}

function windowBytes(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function contentBytes(field: Buffer): number {
  if (field.length === 8) return Number(field.readBigUInt64LE());
  return field.readUIntLE(0, field.length) + (field.length === 2 ? 256 : 0);
}

/** The reference implementation, compiled to WebAssembly. */
class Decoder {
  readonly #binding: ZstdDecompressStreamBinding;
  readonly #hold: BodyHold;
  #heldBytes = 0;
  #turnBytes = 0;

  constructor(binding: ZstdDecompressStreamBinding, hold: BodyHold) {
    this.#binding = binding;
    this.#hold = hold;
  }

  /** The decoder keeps the largest window of all frames. */
  reserve(bytes: number): void {
    const more = Math.max(0, bytes - this.#heldBytes);
    this.#hold.add(more);
    this.#heldBytes += more;
  }

  /** @param parts a complete frame header, block or checksum */
  *decode(...parts: readonly Uint8Array[]): Generator<Uint8Array> {
    const decoded: Uint8Array[] = [];
    const take = (piece: Uint8Array) => {
      decoded.push(Uint8Array.from(piece));
      this.#turnBytes += piece.length;
    };
    for (const part of parts) {
      this.#turnBytes += bytesPerCall + part.length;
      if (!this.#binding.transform(part, take)) throw new Error('the data or its checksum is wrong');
    }
    yield* decoded;
  }

  isTurnOver(): boolean {
    if (this.#turnBytes < bytesPerTurn) return false;
    this.#turnBytes = 0;
    return true;
  }

  close(): void {
    this.#binding.delete();
    this.#hold.free(this.#heldBytes);
  }
}

/** Cost of a call, in bytes that could be decoded instead. */
const bytesPerCall = 512;

let loading: Promise<{ readonly codec: ZstdModule }> | undefined;

/** Loaded with the first body. Wrapped, because the module has a `then` that never settles. */
async function createBinding(): Promise<ZstdDecompressStreamBinding> {
  loading ??= import('zstd-codec/lib/module.js').then(
    ({ default: module }) => new Promise((resolve) => module.run((codec) => resolve({ codec }))),
  );
  const { codec } = await loading;
  const binding = new codec.ZstdDecompressStreamBinding();
  binding.begin();
  return binding;
}
