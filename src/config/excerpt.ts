import type { Span } from './span.ts';

/** One line of the file, safe to print: secrets replaced, control characters removed, cut around the problem. */
export interface Excerpt {
  readonly text: string;
  /** Offset into `text` of the first character to underline. */
  readonly from: number;
  /** How many characters to underline, at least 1. */
  readonly length: number;
}

const mask = '***';
const longestLine = 100;
const before = 40;

/** The line on which `span` starts; every part of it inside one of `hidden` is replaced by `***`. */
export function createExcerpt(source: string, span: Span, hidden: readonly Span[]): Excerpt {
  const lineStart = source.lastIndexOf('\n', span[0] - 1) + 1;
  const newline = source.indexOf('\n', span[0]);
  const lineEnd = newline === -1 ? source.length : newline;

  let text = '';
  let wasHidden = false;
  let from: number | undefined;
  let to: number | undefined;
  const cuts = hidden.filter(([start, end]) => start < lineEnd && end > lineStart).toSorted((a, b) => a[0] - b[0]);

  let position = lineStart;
  const append = (end: number, isHidden: boolean) => {
    if (end <= position) return;
    const inside = (offset: number) => offset >= position && offset < end;
    const start = isHidden && wasHidden ? text.length - mask.length : text.length;
    if (inside(span[0])) from = start + (isHidden ? 0 : span[0] - position);
    if (inside(span[1] - 1)) to = start + (isHidden ? mask.length : span[1] - position);
    // Adjacent hidden parts are merged, so that their number reveals nothing either.
    if (!isHidden) text += source.slice(position, end);
    else if (!wasHidden) text += mask;
    wasHidden = isHidden;
    position = end;
  };
  for (const [start, end] of cuts) {
    append(Math.min(start, lineEnd), false);
    append(Math.min(end, lineEnd), true);
  }
  append(lineEnd, false);
  const begin = from ?? text.length;
  return clean(text, begin, Math.max(1, (to ?? text.length) - begin));
}

function clean(text: string, from: number, length: number): Excerpt {
  const start = text.length <= longestLine ? 0 : Math.max(0, from - before);
  const head = start > 0 ? '…' : '';
  const body = text.slice(start, start + longestLine);
  const tail = start + longestLine < text.length ? '…' : '';
  // The file must not control the terminal, and the caret needs one column per character.
  const shown = `${head}${body}${tail}`.replaceAll(/\p{Cc}/gu, ' ').trimEnd();
  const shownFrom = from - start + head.length;
  return { text: shown, from: shownFrom, length: Math.max(1, Math.min(length, shown.length - shownFrom)) };
}

/**
 * ```
 *   7 |   port: 80a
 *     |         ^^^
 * ```
 */
export function formatExcerpt({ text, from, length }: Excerpt, line: number): string {
  const number = String(line).padStart(4);
  return `${number} | ${text}\n${' '.repeat(number.length)} | ${' '.repeat(from)}${'^'.repeat(length)}`;
}
