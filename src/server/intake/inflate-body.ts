import { pipeline, Readable, type Transform } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { ApiError } from '../api-error.ts';

/**
 * Undoes a Content-Encoding as the pieces come, so that a reader who stops at its limit never holds more.
 *
 * @param encoding `gzip`, `deflate` (with zlib's header, as it should be, or bare), `br`, `zstd`, `identity` or nothing
 * @throws ApiError 415 for other encodings, 400 for what cannot be inflated; errors of `source` as they are
 */
export async function* inflateBody(
  source: AsyncIterable<Uint8Array>,
  encoding: string | undefined,
): AsyncGenerator<Uint8Array> {
  try {
    yield* inflate(source, (encoding ?? 'identity').trim().toLowerCase());
  } catch (cause) {
    if (cause instanceof ApiError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ApiError(400, 'TAILRACE_REQUEST_INVALID', `cannot inflate the body as "${encoding}": ${reason}`, {
      cause,
    });
  }
}

function inflate(source: AsyncIterable<Uint8Array>, encoding: string): AsyncIterable<Uint8Array> {
  switch (encoding) {
    case '':
    case 'identity':
      return source;
    case 'gzip':
    case 'x-gzip':
      return through(source, createGunzip(zlibOptions));
    case 'deflate':
      return inflateDeflate(source);
    case 'br':
      return through(source, createBrotliDecompress(zlibOptions));
    case 'zstd':
      return inflateZstd(source);
    default:
      throw new ApiError(415, 'TAILRACE_MEDIA_TYPE', `cannot read a body with the Content-Encoding "${encoding}"`, {
        remedy: 'Send it as gzip, deflate, br, zstd, or as it is.',
      });
  }
}

const zlibOptions = { chunkSize: 64 * 1024 };

function through(source: AsyncIterable<Uint8Array>, transform: Transform): AsyncIterable<Uint8Array> {
  // The error comes to the reader of `transform`; the callback only keeps the pipeline from throwing it again.
  pipeline(Readable.from(source, { objectMode: false }), transform, () => {});
  return transform;
}

/** `deflate` means zlib's format, but many senders leave out its header, whose two bytes are a multiple of 31. */
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

/** Small, because the library inflates all of a piece before it returns: a block of 4 bytes may become 128 KiB. */
const zstdPieceBytes = 1024;

/** Node 20 has no zstd. */
async function* inflateZstd(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { Decompress } = await import('fzstd');
  let inflated: Uint8Array[] = [];
  const decompress = new Decompress((piece) => inflated.push(piece));
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; at += zstdPieceBytes) {
      // The library keeps what it cannot use yet, so it must be a copy of its own.
      decompress.push(Uint8Array.from(chunk.subarray(at, at + zstdPieceBytes)));
      yield* inflated;
      inflated = [];
      await setImmediate();
    }
  }
  decompress.push(new Uint8Array(0), true);
  yield* inflated;
}
