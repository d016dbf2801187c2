/** How characters are written as bytes. Anything that is not UTF-16 is taken for UTF-8, whose bytes stay as they are. */
export type Charset = 'utf-8' | 'utf-16le' | 'utf-16be';

/** Enough of a log line for its ASCII characters to show. */
const lookedAtBytes = 256;
const leastBytes = 8;
const mostlyShare = 0.7;
const hardlyShare = 0.1;

/** By its byte order mark; without one, UTF-16 shows in ASCII characters, of which every second byte is zero. */
export function charsetOf(head: Uint8Array): Charset {
  const [first, second] = head;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const looked = head.subarray(0, Math.min(lookedAtBytes, head.length & ~1));
  if (looked.length < leastBytes) return 'utf-8';
  const zeros = (from: number) => {
    let count = 0;
    for (let at = from; at < looked.length; at += 2) if (looked[at] === 0) count++;
    return count / (looked.length / 2);
  };
  const [even, odd] = [zeros(0), zeros(1)];
  if (odd >= mostlyShare && even <= hardlyShare) return 'utf-16le';
  if (even >= mostlyShare && odd <= hardlyShare) return 'utf-16be';
  return 'utf-8';
}
