const newline = 0x0a;
const carriageReturn = 0x0d;

/** One carriage return among many lines may be part of a value; from this share on it ends lines. */
const leastShare = 0.25;

/**
 * Whether carriage returns without a newline behind them end lines too: in a file that has no other line ends, or that was
 * put together of several kinds.
 * @param sample UTF-8
 */
export function hasReturns(sample: Uint8Array): boolean {
  let returns = 0;
  for (let at = sample.indexOf(carriageReturn); at !== -1; at = sample.indexOf(carriageReturn, at + 1)) {
    const next = sample[at + 1];
    if (next !== undefined && next !== newline && next !== carriageReturn) returns++;
  }
  return returns > 0 && returns >= (returns + count(sample, newline)) * leastShare;
}

function count(bytes: Uint8Array, wanted: number): number {
  let found = 0;
  for (let at = bytes.indexOf(wanted); at !== -1; at = bytes.indexOf(wanted, at + 1)) found++;
  return found;
}

/**
 * Puts newlines in the place of carriage returns, chunk by chunk; those in front of a newline stay. A chunk's last carriage
 * returns wait for the next one, since a newline may follow.
 */
export class ReturnReplacer {
  #held = 0;

  push(chunk: Uint8Array): Buffer {
    const all = Buffer.concat([Buffer.alloc(this.#held, carriageReturn), chunk]);
    const end = all.findLastIndex((byte) => byte !== carriageReturn) + 1;
    this.#held = all.length - end;
    return replaceReturns(all.subarray(0, end));
  }

  end(): Buffer {
    return Buffer.alloc(this.#held, newline);
  }
}

/** In place. */
export function replaceReturns(bytes: Buffer): Buffer {
  for (let at = bytes.indexOf(carriageReturn); at !== -1; at = bytes.indexOf(carriageReturn, at)) {
    let end = at;
    while (bytes[end] === carriageReturn) end++;
    if (bytes[end] !== newline) bytes.fill(newline, at, end);
    at = end;
  }
  return bytes;
}
