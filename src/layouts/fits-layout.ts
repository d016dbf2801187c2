import { enoughFit } from './detect-whole.ts';
import { directiveColumns } from './fields-directive.ts';
import type { Layout } from './layout.ts';
import { lineFits } from './line-fit.ts';
import { openSample } from './opening/open-sample.ts';

/**
 * Whether lines of a stream still have a layout found earlier: most of a small sample split as it expects.
 * Cheap enough for every batch of a stream; the engine checks every line later.
 * @param lines without their newline; blank ones and comments are ignored
 * @returns `true` when all lines are ignored
 */
export function fitsLayout(layout: Layout, lines: readonly string[]): boolean {
  const { format, framing, namedBy, columns } = layout;
  if (framing.kind === 'parquet') return true;
  const opened = openSample(lines.slice(0, sampleLines), layout.opening ?? []);
  const sample = opened.map((line) => line.replace(/\r$/, ''));
  const directive = sample.find((line) => line.startsWith('#Fields'));
  // A header names the columns of the lines below it.
  if (framing.kind === 'delimited' && directive !== undefined) {
    return namedBy === 'header' && directiveColumns(directive).join() === columns.join();
  }
  const header = framing.kind === 'delimited' ? framing.header : '';
  const isComment = (line: string) =>
    line === header || Boolean(format.commentPrefix && line.startsWith(format.commentPrefix));
  const data = sample.filter((line) => line !== '' && !isComment(line));
  const good = data.filter((line) => lineFits(layout, line));
  return enoughFit(format, good.length, data);
}

const sampleLines = 20;
