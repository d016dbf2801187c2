import type { LogFormat } from '../formats/logs/log-format.ts';
import { MatchDeadlineError, withinDeadline } from '../text/match-deadline.ts';
import { type BatchLayout, isColumnLayout, isLogLayout, isRefused } from './batch-layout.ts';
import { detectLayout, enoughConfidence, type LayoutHints } from './detect-layout.ts';
import { fitsLayout } from './fits-layout.ts';
import type { Layout } from './layout.ts';
import { detectLogLayout, detectToldText } from './logs/detect-log-layout.ts';
import type { LogLayout } from './logs/log-layout.ts';
import { openedLayout, openInput } from './opening/open-input.ts';

/** What the user states about an input: a format of either kind, columns. Detection never overrides it. */
export interface InputHints extends LayoutHints {
  readonly logFormat?: LogFormat;
}

/** The layout of lines with their transports, or why there is none. */
export function findLayout(lines: readonly string[], hints: InputHints): BatchLayout {
  try {
    return withinDeadline(detectionMs, () => {
      const opened = openInput(lines, hints);
      const layout = layoutWithin(opened.lines, hints);
      return isRefused(layout) ? layout : openedLayout(layout, opened);
    });
  } catch (cause) {
    if (cause instanceof MatchDeadlineError) return { refused: `${undetectable}; name it in the pipeline's format` };
    throw cause;
  }
}

/** It usually takes 20 ms. */
export const detectionMs = 10_000;
export const undetectable = `its format was not found in ${detectionMs / 1000} seconds`;

function layoutWithin(lines: readonly string[], hints: InputHints): BatchLayout {
  const { logFormat, ...accessHints } = hints;
  if (logFormat) return detectLogLayout(lines, { format: logFormat })?.layout ?? { refused: unlike(logFormat.name) };
  const detection = detectLayout(lines, accessHints);
  if (detection && detection.confidence >= enoughConfidence) return detection.layout;
  if (detection && !hints.format) {
    const text = detectToldText(lines);
    if (text) return text.layout;
  }
  if (detection) return { refused: `its columns are not sure enough; name them in the pipeline's format.fields` };
  if (hints.format) return { refused: unlike(hints.format.name) };
  return detectLogLayout(lines, {})?.layout ?? { refused: 'not text, or text in an unknown format' };
}

function unlike(format: string): string {
  return `does not look like ${format}`;
}

/**
 * Remembers the layout of each stream and detects it again when lines stop fitting: a header is sent once, and
 * a few lines may be too few to tell columns apart.
 */
export class StreamLayouts {
  readonly #hints: InputHints;
  readonly #byStream = new Map<string, BatchLayout>();

  constructor(hints: InputHints) {
    this.#hints = hints;
  }

  has(stream: string): boolean {
    return this.#byStream.has(stream);
  }

  /** For a stream that another process has read so far. */
  recall(stream: string, layout: Layout): void {
    this.#remember(stream, layout);
  }

  find(stream: string, lines: readonly string[]): BatchLayout {
    const last = this.#byStream.get(stream);
    if (last && isColumnLayout(last) && stillFits(last, lines)) return last;
    const found = findLayout(lines, this.#hints);
    // A stream of access logs stays one: lines that do not fit are rejects, not text worth keeping.
    if (last && isColumnLayout(last) && !last.format.isMixed && !isColumnLayout(found) && !hasRequests(found)) {
      return isRefused(found) ? found : { refused: `unlike the ${last.format.name} lines before it` };
    }
    if (last && !isRefused(found) && guessesBelowHeader(last, found)) return { refused: unlikeHeader };
    // Lines that fit no layout prove nothing about later ones.
    if (!isRefused(found)) this.#remember(stream, found);
    return found;
  }

  #remember(stream: string, layout: BatchLayout): void {
    this.#byStream.delete(stream);
    this.#byStream.set(stream, layout);
    const [oldest] = this.#byStream.keys();
    if (this.#byStream.size > maxStreams && oldest !== undefined) this.#byStream.delete(oldest);
  }
}

const unlikeHeader = 'its columns are not those of the header before it';

/**
 * Whether columns are a guess although a header named them. A header counts until the next one: a line with a value too
 * many looks like one with other columns.
 */
function guessesBelowHeader(last: BatchLayout, found: Layout | LogLayout): boolean {
  if (!isColumnLayout(last) || !isColumnLayout(found)) return false;
  return last.namedBy === 'header' && found.namedBy === 'detected' && found.format === last.format;
}

/** Whether requests are among the lines. */
function hasRequests(layout: BatchLayout): boolean {
  return isLogLayout(layout) && layout.requests !== undefined;
}

/** Bounds the memory where every delivery is a stream of its own. */
const maxStreams = 10_000;

/** A new header line always triggers detection. */
function stillFits(layout: Layout, lines: readonly string[]): boolean {
  return !lines.some((line) => line.startsWith('#Fields')) && fitsLayout(layout, lines.slice(0, comparedLines));
}

const comparedLines = 20;
