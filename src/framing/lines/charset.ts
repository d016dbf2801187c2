/** Character encoding. Anything but UTF-16 is treated as UTF-8, whose bytes are not changed. */
export type Charset = 'utf-8' | 'utf-16le' | 'utf-16be';

/** Enough of a log line to contain ASCII characters. */
const lookedAtBytes = 256;
const leastBytes = 8;
const mostlyShare = 0.7;
const hardlyShare = 0.1;

/** Decides by the byte order mark; without one, by the zero in every second byte of ASCII characters in UTF-16. */
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
