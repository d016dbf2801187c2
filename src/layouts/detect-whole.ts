import type { Format } from '../formats/format.ts';
import { type Layout, patternedFields } from './layout.ts';
import { lineFits } from './line-fit.ts';
import { samplePairs } from './sample-pairs.ts';

/**
 * Finds the format among those whose lines always have all columns of the table: the one that most lines fit. No
 * header and no selection is guessed, so a line that fits is strong evidence, and a file may hold many broken ones.
 * @returns a confidence of 0.8 when half of the lines fit, 1 when all do
 * @param forced the format that the user named; used whatever the lines look like
 */
export function detectWhole(
  lines: readonly string[],
  formats: readonly Format[],
  forced: Format | undefined,
): { layout: Layout; confidence: number } | undefined {
  if (forced) return forced.framing ? { layout: wholeLayout(forced, 'configured'), confidence: 1 } : undefined;
  const data = lines.slice(0, sampleRows);
  const counted = formats.flatMap((format) => {
    if (!format.framing) return [];
    const layout = wholeLayout(format, 'detected');
    const fitting = countFitting(layout, data);
    // Another log may quote some lines of this kind.
    return fitting > 0 && enoughFit(format, fitting, data) ? [{ layout, share: fitting / data.length }] : [];
  });
  const [best] = counted.sort((one, other) => other.share - one.share);
  if (!best) return undefined;
  return { layout: best.layout, confidence: 0.6 + 0.4 * best.share };
}

const sampleRows = 50;

/** Lines of the format, comments included; 0 as soon as these cannot be half of the lines. */
function countFitting(layout: Layout, lines: readonly string[]): number {
  const { commentPrefix } = layout.format;
  let others = 0;
  for (const line of lines) {
    if (lineFits(layout, line) || (commentPrefix && line.startsWith(commentPrefix))) continue;
    if (++others > lines.length / 2) return 0;
  }
  return lines.length - others;
}

/**
 * Whether enough lines fit a format to read all lines by it. Where applications write to the same output, their
 * messages are kept as messages unless they are few; torn lines count for neither side.
 */
export function enoughFit({ isMixed }: Format, fitting: number, lines: readonly string[]): boolean {
  const others = isMixed ? lines.filter((line) => samplePairs(line) !== undefined).length : 0;
  return fitting >= lines.length / 2 && fitting >= others * 0.9;
}

function wholeLayout(format: Format, namedBy: Layout['namedBy']): Layout {
  return {
    format,
    framing: format.framing ?? { kind: 'tokens', least: format.fields.length },
    columns: format.fields.map(({ name }) => name),
    namedBy,
    checked: patternedFields(format.fields),
    encodedTwice: false,
    samplingRate: 100,
  };
}
