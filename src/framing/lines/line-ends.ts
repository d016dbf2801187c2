const newline = 0x0a;
const carriageReturn = 0x0d;

/** A rare carriage return may be part of a value; from this share on they end lines. */
const leastShare = 0.25;

/**
 * Whether lone carriage returns end lines too: in a file without other line ends, or one that was
 * concatenated from several kinds.
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
 * Replaces carriage returns by newlines, chunk by chunk, except before a newline. A chunk's trailing carriage
 * returns wait for the next chunk, which may begin with a newline.
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
