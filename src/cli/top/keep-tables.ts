import type { LakeAnswer } from '../../server/lake-answer.ts';
import type { RetentionAnswer } from '../../server/routes/retention.ts';
import { printBytes, printCount, printDuration } from '../quantity-text.ts';
import { type Figure, figureCells, figureTitles, problemLines, stateWidth } from './figures.ts';
import { cutStart, type Line, padEnd, type Tone } from './styled-line.ts';

const longestName = 40;

const lakeFigures: readonly Figure<LakeAnswer>[] = [
  ['HOURS', 7, ({ counts }) => ({ text: printCount(counts.hours) })],
  ['ROWS', 7, ({ counts }) => ({ text: printCount(counts.rows) })],
  ['BYTES', 7, ({ counts }) => ({ text: printBytes(counts.bytes) })],
  ['LAG', 7, ({ lagMs }) => ({ text: lagMs === null ? '–' : printDuration(lagMs) })],
  [
    'FAILED',
    7,
    ({ counts }) => ({ text: printCount(counts.failures), tone: counts.failures > 0 ? 'warn' : undefined }),
  ],
];

/** The lake, what was written since the program started, and its problem. LAG is since the end of its last complete hour. */
export function lakeTable(lake: LakeAnswer | null): Line[] {
  if (lake === null) return [];
  const width = Math.min(Math.max('LAKE'.length, lake.name.length), longestName);
  return [
    [],
    [
      {
        text: ['LAKE'.padEnd(width), 'STATE'.padEnd(stateWidth), ...figureTitles(lakeFigures)].join(' '),
        tone: 'faint',
      },
    ],
    [
      { text: padEnd(cutStart(lake.name, width), width), tone: 'strong' },
      { text: ` ${lake.state.padEnd(stateWidth)}`, tone: lakeTones[lake.state] },
      ...figureCells(lakeFigures, lake),
    ],
    ...problemLines(lake.problem, 'warn'),
  ];
}

const lakeTones: Readonly<Record<LakeAnswer['state'], Tone | undefined>> = {
  ...{ retrying: 'warn', running: 'good', standby: 'good', starting: undefined, stopped: undefined },
};

interface RetainedTable {
  readonly table: string;
  readonly deleted: Amount;
  readonly due: Amount;
  readonly held: Amount;
}

type Amount = Pick<RetentionAnswer['plan']['expiring'][number], 'rows' | 'bytes'>;

const retentionFigures: readonly Figure<RetainedTable>[] = [
  ['DELETED', 7, ({ deleted }) => ({ text: printCount(deleted.rows) })],
  ['BYTES', 7, ({ deleted }) => ({ text: printBytes(deleted.bytes) })],
  ['NEXT', 7, ({ due }) => ({ text: printCount(due.rows) })],
  ['BYTES', 7, ({ due }) => ({ text: printBytes(due.bytes) })],
  ['HELD', 7, ({ held }) => ({ text: printCount(held.rows), tone: held.rows > 0 ? 'warn' : undefined })],
];

/** Rows that retention has deleted, deletes at its next look, and keeps for a destination; nothing while there are none. */
export function retentionTable(retention: RetentionAnswer | null): Line[] {
  const tables = retention ? tablesOf(retention) : [];
  if (tables.length === 0) return [];
  const width = 'RETENTION'.length;
  return [
    [],
    [{ text: ['RETENTION'.padEnd(width), ...figureTitles(retentionFigures)].join(' '), tone: 'faint' }],
    ...tables.map(
      (row): Line => [{ text: padEnd(row.table, width), tone: 'strong' }, ...figureCells(retentionFigures, row)],
    ),
  ];
}

function tablesOf({ deleted, plan }: RetentionAnswer): RetainedTable[] {
  return plan.tables
    .map(({ table }) => {
      const own = plan.expiring.filter((rows) => rows.table === table);
      return {
        table,
        deleted: sum(deleted.filter((rows) => rows.table === table)),
        due: sum(own.filter(({ isHeld }) => !isHeld)),
        held: sum(own.filter(({ isHeld }) => isHeld)),
      };
    })
    .filter(({ deleted: gone, due, held }) => gone.rows + due.rows + held.rows > 0);
}

function sum(amounts: readonly Amount[]): Amount {
  return amounts.reduce((total, { rows, bytes }) => ({ rows: total.rows + rows, bytes: total.bytes + bytes }), {
    rows: 0,
    bytes: 0,
  });
}
