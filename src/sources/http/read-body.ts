import type { IncomingMessage } from 'node:http';
import type { BodyHold } from './body-budget.ts';
import { inflateBody } from './inflate/inflate-body.ts';
import { Refusal } from './refusal.ts';

/** So much longer than its content may a compressed body be; zeros without end may follow gzip. */
const compressionBytes = 64 * 1024;
/** So much of a refused body is read and thrown away, because most senders read the answer only after their last byte. */
const maxDiscardedBytes = 256 * 1024 * 1024;

/**
 * The body as it was before it was compressed for the way.
 *
 * @param maxBytes limit of the inflated bytes
 * @param hold is told of every byte before the reader gets it
 * @throws Refusal over the limit, when there is no room, and for what cannot be inflated
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

/** Leaves the connection open when its reader stops early: the refusal still has to be sent over it. */
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

/** Reads on without keeping anything, so that the sender gets to see the answer; ends the connection if it never stops. */
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
