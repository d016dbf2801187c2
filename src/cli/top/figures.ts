import type { Line, Span, Tone } from './styled-line.ts';

/** A column of numbers: its title, its width, and what it shows of a row. */
export type Figure<Row> = readonly [title: string, width: number, cell: (row: Row) => Span];

export const stateWidth = 9;

export function figureTitles<Row>(figures: readonly Figure<Row>[]): string[] {
  return figures.map(([title, width]) => title.padStart(width));
}

/** One span per figure, with a blank in front. */
export function figureCells<Row>(figures: readonly Figure<Row>[], row: Row): Span[] {
  return figures.map(([, width, cell]) => {
    const { text, tone } = cell(row);
    return { text: ` ${text.padStart(width)}`, tone };
  });
}

/** The line below a row in trouble; none without a problem. */
export function problemLines(problem: string | null, tone: Tone): Line[] {
  return problem === null ? [] : [[{ text: `  ! ${problem}`, tone }]];
}
