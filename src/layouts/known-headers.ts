import type { Detection } from './detect-layout.ts';
import { splitValues } from './split-values.ts';

/**
 * Remembers the detection of the last header. The thousands of small files of one delivery begin with the same
 * `#` lines; comparing those bytes takes a hundredth of the time of a detection.
 */
export class KnownHeaders {
  private last: { header: Buffer; detection: Detection } | undefined;

  /** The last detection if the sample begins with the same header and its first line has the same columns. */
  find(sample: Buffer): Detection | undefined {
    if (!this.last) return undefined;
    const { header, detection } = this.last;
    const { framing, columns } = detection.layout;
    if (framing.kind !== 'delimited' || !sample.subarray(0, header.length).equals(header)) return undefined;
    const end = sample.indexOf('\n', header.length);
    if (end === -1 || sample[header.length] === directive || sample.includes(doublyEncoded)) return undefined;
    const line = sample.toString('utf8', header.length, end);
    return splitValues(line, framing.delimiter).length === columns.length ? detection : undefined;
  }

  remember(sample: Buffer, detection: Detection): void {
    if (this.last?.detection === detection) return;
    const { framing, namedBy, encodedTwice } = detection.layout;
    const length = headerLength(sample);
    // Only `#` lines are compared, so the columns must be named there, not in a bare header below.
    const byDirective = namedBy === 'header' && framing.kind === 'delimited' && framing.header === '';
    if (!byDirective || encodedTwice || length === 0) return;
    this.last = { header: Buffer.from(sample.subarray(0, length)), detection };
  }
}

const directive = '#'.charCodeAt(0);
/** Prefix of nearly every user agent that was encoded twice; in paths and queries `%2520` proves nothing. */
const doublyEncoded = 'Mozilla/5.0%2520';

/** Length in bytes of the leading `#` lines. */
function headerLength(sample: Buffer): number {
  let position = 0;
  while (sample[position] === directive) {
    const end = sample.indexOf('\n', position);
    if (end === -1) return 0;
    position = end + 1;
  }
  return position;
}
