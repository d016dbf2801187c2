import { createHash } from 'node:crypto';
import { fields } from '../../src/formats/cloudfront-standard/fields.ts';
import { groupBy } from '../../src/ledger/group-by.ts';
import { breakLines } from './break-lines.ts';
import { draw } from './draw.ts';
import type { SimulatedRow } from './simulated-edge.ts';

/** The 33 fields of the legacy files, then what standard logging v2 adds and this simulation fills. */
export const columns: readonly string[] = [
  ...fields.slice(0, 33).map(({ name }) => name),
  'timestamp(ms)',
  'origin-fbl',
  'origin-lbl',
  'asn',
  'c-country',
  'cache-behavior-path-pattern',
];

export interface EdgeLogFile {
  readonly name: string;
  readonly content: Buffer;
  readonly rows: number;
}

/** The hour whose first file holds the broken lines. */
export const brokenHour = '2015-05-19-14';

/** One file an hour, in some hours two, named and written as CloudFront does. */
export function edgeLogFiles(rows: readonly SimulatedRow[]): EdgeLogFile[] {
  const byFile = groupBy(rows, ({ endMs, location }) => {
    const hour = new Date(endMs).toISOString().slice(0, 13).replace('T', '-');
    return `${hour}.${part(hour, location)}`;
  });
  return [...byFile]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, inFile]) => {
      const [hour, number] = key.split('.') as [string, string];
      const digest = createHash('sha256').update(`tailrace example logs file ${key}`).digest('hex');
      return edgeLogFile(
        `${distribution}.${hour}.${digest.slice(0, 8)}.gz`,
        inFile,
        hour === brokenHour && number === '0',
      );
    });
}

const distribution = 'E2EXAMPLE1DEMO';

/** In a fifth of the hours some edge locations write a file of their own. */
function part(hour: string, location: string): number {
  return draw('second file', hour) < 0.2 && draw('second file', location) < 0.5 ? 1 : 0;
}

function edgeLogFile(name: string, rows: readonly SimulatedRow[], broken: boolean): EdgeLogFile {
  const inOrder = [...rows].sort((one, other) => one.endMs - other.endMs);
  const whole = inOrder.map(({ values }) => columns.map((column) => values[column] ?? '-').join('\t'));
  const lines = ['#Version: 1.0', `#Fields: ${columns.join(' ')}`, ...(broken ? breakLines(whole, columns) : whole)];
  return { name, content: Buffer.from(`${lines.join('\n')}\n`, 'latin1'), rows: rows.length };
}
