import { styleText } from 'node:util';
import stringWidth from 'string-width';
import { safeLine } from '../terminal-text.ts';

/** A piece of a line, and its meaning, which decides its style. */
export interface Span {
  readonly text: string;
  readonly tone?: Tone | undefined;
}

export type Line = readonly Span[];

const tones = { strong: 'bold', faint: 'dim', bad: 'red', good: 'green', warn: 'yellow', accent: 'cyan' } as const;

export type Tone = keyof typeof tones;

/** The caller has decided about colours, for the stream it draws on. */
const always = { validateStream: false };

/** @param columns the rest of the line is cut */
export function printLine(line: Line, columns: number, hasColor: boolean): string {
  let left = columns;
  let printed = '';
  for (const { text, tone } of line) {
    const shown = cutEnd(safeLine(text).replaceAll('\t', ' '), left);
    left -= stringWidth(shown);
    printed += tone && hasColor && shown !== '' ? styleText(tones[tone], shown, always) : shown;
  }
  return printed.trimEnd();
}

/** Fills a text with blanks up to its width on a terminal. */
export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - stringWidth(text)));
}

function cutEnd(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  return columns > 0 ? `${fitting(charactersOf(text), columns - 1).join('')}…` : '';
}

/** Cuts the start: the end of a path or a shard says more. */
export function cutStart(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  return `…${fitting(charactersOf(text).reverse(), columns - 1)
    .reverse()
    .join('')}`;
}

/** The first of these characters that fit together; a character may be two columns wide. */
function fitting(characters: readonly string[], columns: number): string[] {
  let left = columns;
  const end = characters.findIndex((character) => {
    left -= stringWidth(character);
    return left < 0;
  });
  return characters.slice(0, end === -1 ? undefined : end);
}

const segmenter = new Intl.Segmenter();

/** As a reader counts them: a letter with its accents is one. */
function charactersOf(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
