/** The data messages of one log group. */
export interface EnvelopeGroup {
  readonly group: string;
  readonly chunks: readonly Uint8Array[];
}

/**
 * Groups CloudWatch Logs data messages, one per line, by log group: functions, firewalls and load balancers share a
 * stream, and each group's messages have their own layout.
 */
export function envelopeGroups(chunks: readonly Uint8Array[]): EnvelopeGroup[] {
  const all = Buffer.concat(chunks);
  const groups = new Map<string, Uint8Array[]>();
  for (let start = 0; start < all.length; ) {
    const end = all.indexOf(newline, start);
    const line = all.subarray(start, end === -1 ? all.length : end + 1);
    const group = groupOf(line);
    const lines = groups.get(group);
    if (lines) lines.push(line);
    else groups.set(group, [line]);
    start += line.length;
  }
  return [...groups].map(([group, lines]) => ({ group, chunks: lines }));
}

const newline = '\n'.charCodeAt(0);
/** The service writes the names before the events; if not, the lines share a layout and nothing is lost. */
const headBytes = 4096;

function groupOf(line: Uint8Array): string {
  const head = Buffer.from(line.buffer, line.byteOffset, Math.min(line.length, headBytes)).toString('latin1');
  return /"logGroup"\s*:\s*"([^"\\]*)"/.exec(head)?.[1] ?? '';
}
