import { DocumentUnfolder } from '../framing/json/document-unfolder.ts';
import { cutLines, LineCutter } from '../framing/lines/line-cutter.ts';
import { type BatchLayout, holdsManyEvents, isColumnLayout, isRefused } from '../layouts/batch-layout.ts';
import { listKey } from '../layouts/layout.ts';
import { maxLineBytes } from '../schema/line-bound.ts';

/**
 * Longer lines that hold many events become rejects: the engine parses such a line as a whole, in some twenty times its
 * size. Senders have lower limits: CloudWatch Logs 1 MiB, OpenTelemetry's Collector 20 MiB.
 */
const maxEnvelopeBytes = 32 * 1024 * 1024;

/** Whether each line is stored as one event: not a document of many events, nor a row of Parquet. */
export function hasBoundedLines(layout: BatchLayout): boolean {
  const isParquet = isColumnLayout(layout) && layout.framing.kind === 'parquet';
  return !isParquet && !holdsManyEvents(layout);
}

/** Cuts streamed lines of a layout to their limit, after splitting documents into lines. */
export class BoundedLines {
  readonly #unfolder: DocumentUnfolder | undefined;
  readonly #cutter: LineCutter;

  constructor(layout: BatchLayout) {
    this.#unfolder = unfolderOf(layout);
    const isWhole = this.#unfolder !== undefined || hasBoundedLines(layout);
    this.#cutter = new LineCutter(isWhole ? maxLineBytes : maxEnvelopeBytes);
  }

  push(chunk: Uint8Array): Uint8Array[] {
    return this.#cutter.push(this.#unfolder ? this.#unfolder.push(chunk) : chunk);
  }

  end(): Uint8Array[] {
    return this.#unfolder ? this.#cutter.push(this.#unfolder.end()) : [];
  }
}

/** The same for chunks in memory. */
export function boundLines(chunks: readonly Uint8Array[], layout: BatchLayout): readonly Uint8Array[] {
  const cut = cutLines(chunks);
  if (cut === chunks || hasBoundedLines(layout)) return cut;
  const bounded = new BoundedLines(layout);
  return [...chunks.flatMap((chunk) => bounded.push(chunk)), ...bounded.end()];
}

function unfolderOf(layout: BatchLayout): DocumentUnfolder | undefined {
  if (isRefused(layout)) return undefined;
  const [outermost] = (layout.opening ?? []).filter((step) => step !== 'byte-order-mark');
  if (outermost === 'objects') return new DocumentUnfolder(undefined);
  const key = isColumnLayout(layout) && outermost === undefined ? listKey(layout.framing) : undefined;
  return key === undefined ? undefined : new DocumentUnfolder(key);
}
