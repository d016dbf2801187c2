import { pipeline, Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw, type Zlib } from 'node:zlib';
import type { BodyHold } from '../body-budget.ts';
import { Refusal } from '../refusal.ts';
import { inflateZstd } from './inflate-zstd.ts';

/**
 * Decodes a Content-Encoding as a stream, so that a reader that stops at its limit never holds more.
 *
 * @param encoding `gzip`, `deflate` (with zlib's header, as specified, or raw), `br`, `zstd`, `identity` or absent
 * @param hold accounts for the memory of a decoder in addition to what it yields
 * @throws Refusal for other encodings, data that cannot be inflated or has trailing bytes, and 429 when there is no
 * room; errors of `source` unchanged
 */
export async function* inflateBody(
  source: AsyncIterable<Uint8Array>,
  encoding: string | undefined,
  hold: BodyHold,
): AsyncGenerator<Uint8Array> {
  try {
    yield* inflate(source, (encoding ?? 'identity').trim().toLowerCase(), hold);
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Refusal('invalid', `cannot inflate the body as "${encoding}": ${reason}`, {
      cause,
    });
  }
}

function inflate(source: AsyncIterable<Uint8Array>, encoding: string, hold: BodyHold): AsyncIterable<Uint8Array> {
  switch (encoding) {
    case '':
    case 'identity':
      return source;
    case 'gzip':
    case 'x-gzip':
      return through(source, createGunzip(zlibOptions), true);
    case 'deflate':
      return inflateDeflate(source);
    case 'br':
      return through(source, createBrotliDecompress(zlibOptions));
    case 'zstd':
      return inflateZstd(source, hold);
    default:
      throw new Refusal('unknown-encoding', `cannot read a body with the Content-Encoding "${encoding}"`, {
        remedy: 'Send it as gzip, deflate, br, zstd, or as it is.',
      });
  }
}

const zlibOptions = { chunkSize: 64 * 1024 };

type Decoder = Transform & Pick<Zlib, 'bytesWritten'>;

/**
 * Detects trailing bytes: decoders stop at the end of their data without reporting what follows.
 *
 * @param mayBePadded whether zero bytes may follow
 */
async function* through(
  source: AsyncIterable<Uint8Array>,
  decoder: Decoder,
  mayBePadded = false,
): AsyncGenerator<Uint8Array> {
  const pieces = source[Symbol.asyncIterator]();
  let bytes = 0;
  /** Bytes up to the last one that is not padding. */
  let contentBytes = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
      const last = mayBePadded ? next.value.findLastIndex((byte) => byte !== 0) : next.value.length - 1;
      if (last >= 0) contentBytes = bytes + last + 1;
      bytes += next.value.length;
      yield next.value;
    }
  }
  try {
    // The decoder's reader receives the error; the callback only keeps the pipeline from throwing it again.
    pipeline(Readable.from(counted(), { objectMode: false }), decoder, () => {});
    yield* decoder;
    // A decoder that has ended no longer reads its input.
    for await (const _ of counted());
    if (contentBytes > decoder.bytesWritten) throw new Error('other bytes follow its end');
  } finally {
    // Not awaited: a sender in the middle of a chunk may take long for the rest of it.
    pieces.return?.().catch(() => {});
  }
}

/** `deflate` means zlib's format, but many senders omit its header, whose two bytes are a multiple of 31. */
async function* inflateDeflate(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = source[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
    head = Buffer.concat([head, next.value]);
    if (head.length >= 2) break;
  }
  const [first = 0, second = 0] = head;
  const isZlib = (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
  yield* through(resume(head, pieces), isZlib ? createInflate(zlibOptions) : createInflateRaw(zlibOptions));
}

async function* resume(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
