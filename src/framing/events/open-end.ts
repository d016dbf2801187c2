import { openBrace } from '../json/ascii.ts';
import { carriedText } from './carrier.ts';
import { anyEvent, continuesEvent, isBlank, surelyBegins } from './continuation.ts';

const newline = 0x0a;

/** Limit of the search backwards; a longer event is torn, and marked as such. */
const maxLines = 5000;

/**
 * Start of the last event in whole lines if later lines may continue it.
 * @param lines each with its newline
 * @returns the length of `lines` if nothing can be continued
 */
export function openEnd(lines: Buffer): number {
  let from = lines.length;
  for (let count = 0; from > 0 && count < maxLines; count++) {
    const start = lines.lastIndexOf(newline, from - 2) + 1;
    const line = lines.subarray(start, from - 1);
    const carried = carriedText('cri', line) ?? carriedText('docker-json', line);
    if (!carried && line[0] === openBrace) return count === 0 ? lines.length : from;
    from = start;
    const text = carried?.told ?? line;
    if (!carried && surelyBegins(line[0])) break;
    if (!isBlank(text) && !continuesEvent(text, anyEvent)) break;
  }
  return from;
}
