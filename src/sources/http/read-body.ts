import type { IncomingMessage } from 'node:http';
import type { BodyHold } from './body-budget.ts';
import { inflateBody } from './inflate/inflate-body.ts';
import { Refusal } from './refusal.ts';

/** Bytes by which a compressed body may exceed its content; endless zeros may follow gzip. */
const compressionBytes = 64 * 1024;
/** Bytes of a refused body that are discarded, since most senders read the answer only after their last byte. */
const maxDiscardedBytes = 256 * 1024 * 1024;

/**
 * The body with its Content-Encoding decoded.
 *
 * @param maxBytes limit of the inflated bytes
 * @param hold accounts for every byte before the reader gets it
 * @throws Refusal over the limit, when there is no room, and for data that cannot be inflated
 */
export async function* readBody(
  message: IncomingMessage,
  maxBytes: number,
  hold: BodyHold,
): AsyncGenerator<Uint8Array> {
  if (Number(message.headers['content-length'] ?? 0) > maxBytes + compressionBytes) throw tooLarge(maxBytes);
  let bytes = 0;
  for await (const piece of inflateBody(receive(message, maxBytes), message.headers['content-encoding'], hold)) {
    bytes += piece.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    hold.add(piece.length);
    yield piece;
  }
}

/** Keeps the connection open when its reader stops early, because the refusal must still be sent over it. */
async function* receive(message: IncomingMessage, maxBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const piece of message.iterator({ destroyOnReturn: false })) {
      bytes += piece.length;
      if (bytes > maxBytes + compressionBytes) throw tooLarge(maxBytes);
      yield piece;
    }
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    throw new Refusal('invalid', 'cannot read the body: the sender left before its end', {
      cause,
    });
  }
}

/** Discards the rest, so that the sender reads the answer; closes the connection if the sender never stops. */
export function discardRest(message: IncomingMessage): void {
  let left = maxDiscardedBytes;
  message.on('data', (piece: Uint8Array) => {
    left -= piece.length;
    if (left < 0) message.destroy();
  });
}

export function tooLarge(maxBytes: number): Refusal {
  return new Refusal('too-large', `cannot read the body: it has more than ${maxBytes} bytes`, {
    remedy: 'Send fewer lines in one request.',
  });
}
