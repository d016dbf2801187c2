import { styleText } from 'node:util';
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
    left -= [...shown].length;
    printed += tone && hasColor && shown !== '' ? styleText(tones[tone], shown, always) : shown;
  }
  return printed.trimEnd();
}

function cutEnd(text: string, columns: number): string {
  const characters = [...text];
  if (characters.length <= columns) return text;
  return columns > 0 ? `${characters.slice(0, columns - 1).join('')}…` : '';
}

/** Cuts the start: the end of a path or a shard says more. */
export function cutStart(text: string, columns: number): string {
  const characters = [...text];
  return characters.length <= columns ? text : ['…', ...characters.slice(characters.length - columns + 1)].join('');
}
