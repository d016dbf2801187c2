import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** A reader that takes nothing for this long is considered gone, even if its connection is open. */
const stalledReaderMs = 60_000;

/** Waits for the first chunk, because an error after it can no longer set the status. */
export async function awaitFirst(chunks: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const rest = chunks[Symbol.asyncIterator]();
  return resume(await rest.next(), rest);
}

async function* resume(first: IteratorResult<Uint8Array>, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for (let next = first; !next.done; next = await rest.next()) if (next.value.length > 0) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** Fastify pipes with back-pressure, and closes the connection when the stream fails after it started. */
export function streamAnswer(
  reply: FastifyReply,
  chunks: AsyncIterable<Uint8Array | string>,
  mediaType: string,
): FastifyReply {
  reply.raw.setTimeout(stalledReaderMs, () => reply.raw.destroy());
  return reply
    .header('content-type', mediaType)
    .header('cache-control', 'no-store')
    .send(Readable.from(chunks, { objectMode: false }));
}
