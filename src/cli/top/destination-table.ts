import type { DestinationAnswer } from '../../server/destination-answer.ts';
import { printBytes, printCount, printDuration } from '../quantity-text.ts';
import { type Figure, figureCells, figureTitles, problemLines, stateWidth } from './figures.ts';
import { cutStart, type Line, padEnd, type Tone } from './styled-line.ts';

const longestName = 24;

const figures: readonly Figure<DestinationAnswer>[] = [
  ['ROWS', 7, ({ counts }) => ({ text: printCount(counts.rows) })],
  ['LAG', 7, ({ lagMs, waitingBatches }) => ({ text: waitingBatches > 0 ? printDuration(lagMs) : '–' })],
  ['WAITING', 7, ({ waitingBatches }) => ({ text: printCount(waitingBatches) })],
  ['RETRIES', 7, ({ counts }) => ({ text: printCount(counts.retries) })],
  ['REFUSED', 7, ({ counts }) => ({ text: printCount(counts.refused), tone: counts.refused > 0 ? 'warn' : undefined })],
  ['BACKUP', 7, ({ counts }) => ({ text: printBytes(counts.backupBytes) })],
  ['DEAD', 6, ({ counts }) => ({ text: printCount(counts.dead), tone: counts.dead > 0 ? 'bad' : undefined })],
];

/** One line per destination; below it its problem. LAG is of the oldest batch that waits, WAITING counts them. */
export function destinationTable(destinations: readonly DestinationAnswer[]): Line[] {
  if (destinations.length === 0) return [];
  const longest = Math.max('DESTINATION'.length, ...destinations.map(({ name }) => name.length));
  const width = Math.min(longest, longestName);
  return [
    [],
    [
      {
        text: ['DESTINATION'.padEnd(width), 'STATE'.padEnd(stateWidth), ...figureTitles(figures)].join(' '),
        tone: 'faint',
      },
    ],
    ...destinations.flatMap((destination) => [
      renderDestination(destination, width),
      ...problemLines(destination.problem, 'warn'),
    ]),
  ];
}

function renderDestination(destination: DestinationAnswer, width: number): Line {
  return [
    { text: padEnd(cutStart(destination.name, width), width), tone: 'strong' },
    { text: ` ${destination.state.padEnd(stateWidth)}`, tone: toneOf(destination) },
    ...figureCells(figures, destination),
  ];
}

function toneOf({ state }: DestinationAnswer): Tone | undefined {
  if (state === 'retrying') return 'warn';
  return state === 'running' || state === 'standby' ? 'good' : undefined;
}
