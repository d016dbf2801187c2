import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type Charset, charsetOf } from './charset.ts';
import { contentKind } from './content-kind.ts';
import { hasReturns, ReturnReplacer } from './line-ends.ts';
import { decodeText, mostInflations, type Unpacking } from './unpacking.ts';

/** Compressed bytes inflated to more than the reader accepts. */
export class UnpackedTooLargeError extends Error {}

const chunkBytes = 256 * 1024;

/**
 * Turns a stream of bytes into lines.
 * @param maxBytes limit on the output of each step
 * @throws UnpackedTooLargeError; a zlib error for invalid gzip; errors of `chunks`
 */
export function unpackLines(
  chunks: AsyncIterable<Uint8Array>,
  unpacking: Unpacking,
  maxBytes: number,
): AsyncIterable<Uint8Array> {
  let bytes = chunks;
  for (let left = unpacking.inflations; left > 0; left--) bytes = atMost(inflated(bytes), maxBytes);
  return decoded(bytes, unpacking);
}

/**
 * The same for an input whose first bytes tell its encoding, such as a pipe or a request.
 * @param options.leastBytes minimum to wait for; small for a pipe, where more may take any time to arrive
 */
export async function* unpackStream(
  chunks: AsyncIterable<Uint8Array>,
  options: { readonly leastBytes: number; readonly maxBytes: number },
  inflations = mostInflations,
): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  let first: Buffer = Buffer.alloc(0);
  let isAtEnd = false;
  while (first.length < options.leastBytes && !isAtEnd) {
    const { done, value } = await iterator.next();
    if (done) isAtEnd = true;
    else first = Buffer.concat([first, value]);
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      if (first.length > 0) yield first;
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  if (inflations > 0 && contentKind(first).kind === 'gzip') {
    yield* unpackStream(atMost(inflated(all()), options.maxBytes), options, inflations - 1);
  } else {
    yield* decoded(all(), lineForm(first));
  }
}

async function* decoded(
  chunks: AsyncIterable<Uint8Array>,
  { charset, hasReturns: endsInReturns }: Omit<Unpacking, 'inflations'>,
): AsyncGenerator<Uint8Array> {
  const decoder = charset === 'utf-8' ? undefined : new TextDecoder(charset);
  const replacer = endsInReturns ? new ReturnReplacer() : undefined;
  for await (const chunk of chunks) {
    const text = decoder ? Buffer.from(decoder.decode(chunk, { stream: true })) : chunk;
    yield replacer ? replacer.push(text) : text;
  }
  const last = Buffer.from(decoder?.decode() ?? '');
  if (last.length > 0) yield replacer ? replacer.push(last) : last;
  if (replacer) yield replacer.end();
}

/** The same for uncompressed bytes in memory. */
export function decodeLines(bytes: Uint8Array): Uint8Array {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const { charset, hasReturns: endsInReturns } = lineForm(view);
  return toLines(view, charset, endsInReturns);
}

function lineForm(head: Buffer): Omit<Unpacking, 'inflations'> {
  const charset = charsetOf(head);
  return { charset, hasReturns: hasReturns(decodeText(head, charset)) };
}

/** Whole lines in UTF-8, each with a newline if it had a line end. */
export function toLines(bytes: Buffer, charset: Charset, endsInReturns: boolean): Buffer {
  const text = decodeText(bytes, charset);
  if (!endsInReturns) return text;
  const replacer = new ReturnReplacer();
  return Buffer.concat([replacer.push(text), replacer.end()]);
}

/** An error of either side reaches the reader. */
function inflated(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return pipeline(Readable.from(bytes, { objectMode: false }), createGunzip({ chunkSize: chunkBytes }), () => {});
}

async function* atMost(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new UnpackedTooLargeError(`more than ${maxBytes} bytes are in it`);
    yield chunk;
  }
}
