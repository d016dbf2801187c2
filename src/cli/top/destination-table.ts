import type { DestinationAnswer } from '../../server/destination-answer.ts';
import { printCount, printDuration } from '../quantity-text.ts';
import { cutStart, type Line, padEnd, type Span, type Tone } from './styled-line.ts';

const longestName = 24;
const stateWidth = 9;

const figures: readonly (readonly [title: string, width: number, cell: (destination: DestinationAnswer) => Span])[] = [
  ['ROWS', 7, ({ counts }) => ({ text: printCount(counts.rows) })],
  ['LAG', 7, ({ lagMs, waitingBatches }) => ({ text: waitingBatches > 0 ? printDuration(lagMs) : '–' })],
  ['WAITING', 7, ({ waitingBatches }) => ({ text: printCount(waitingBatches) })],
  ['RETRIES', 7, ({ counts }) => ({ text: printCount(counts.retries) })],
  ['REFUSED', 7, ({ counts }) => ({ text: printCount(counts.refused), tone: counts.refused > 0 ? 'warn' : undefined })],
  ['DEAD', 6, ({ counts }) => ({ text: printCount(counts.dead), tone: counts.dead > 0 ? 'bad' : undefined })],
];

/** One line per destination; below it its problem. LAG is of the oldest batch that waits, WAITING counts them. */
export function destinationTable(destinations: readonly DestinationAnswer[]): Line[] {
  if (destinations.length === 0) return [];
  const longest = Math.max('DESTINATION'.length, ...destinations.map(({ name }) => name.length));
  const width = Math.min(longest, longestName);
  const titles = figures.map(([title, width]) => title.padStart(width));
  return [
    [],
    [{ text: ['DESTINATION'.padEnd(width), 'STATE'.padEnd(stateWidth), ...titles].join(' '), tone: 'faint' }],
    ...destinations.flatMap((destination) => [
      renderDestination(destination, width),
      ...(destination.problem === null ? [] : [[{ text: `  ! ${destination.problem}`, tone: 'warn' as const }]]),
    ]),
  ];
}

function renderDestination(destination: DestinationAnswer, width: number): Line {
  return [
    { text: padEnd(cutStart(destination.name, width), width), tone: 'strong' },
    { text: ` ${destination.state.padEnd(stateWidth)}`, tone: toneOf(destination) },
    ...figures.map(([, width, cell]): Span => {
      const { text, tone } = cell(destination);
      return { text: ` ${text.padStart(width)}`, tone };
    }),
  ];
}

function toneOf({ state }: DestinationAnswer): Tone | undefined {
  if (state === 'retrying') return 'warn';
  return state === 'running' || state === 'standby' ? 'good' : undefined;
}
