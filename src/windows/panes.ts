import { quoteIdentifier } from '../schema/quote-identifier.ts';
import { epochMs } from './source-rows.ts';
import { type GridShape, gridOf, type SessionShape, type WindowQuery, type WindowShape } from './window-query.ts';

/** Epoch ms, before any event: -Infinity is no number of the store. */
export const lowestMs = Date.UTC(1900, 0, 1);

/** SQL: no key, where windows are not divided by one. */
export const noKey = "CAST([], 'Array(String)')";

/** SQL: first moment of the pane of a row, epoch ms. All rows of a pane, with one key, are in the same windows. */
export function paneOfRow(window: WindowShape): string {
  if (window.type !== 'session') return `${epochMs} - positiveModulo(${epochMs}, ${gridOf(window).paneMs})`;
  return `${epochMs} - modulo(positiveModulo(${epochMs}, ${window.longestMs}), ${window.gapMs})`;
}

/** The same of a moment, epoch ms. */
export function paneOfMoment(window: SessionShape, ms: number): number {
  return ms - ((ms - cellOf(ms, window.longestMs)) % window.gapMs);
}

/** The last whole multiple of a length at or before a moment, epoch ms. */
export function cellOf(ms: number, lengthMs: number): number {
  return Math.floor(ms / lengthMs) * lengthMs;
}

/** The last end of a window at or before a moment, epoch ms. */
export function lastEndUntil(ms: number, window: GridShape): number {
  const { sizeMs, everyMs } = gridOf(window);
  return cellOf(ms - sizeMs, everyMs) + sizeMs;
}

/** SQL: the key of a row, by which windows are divided; undefined where they are not. */
export function keyOfRow(window: WindowShape): string | undefined {
  if (window.type !== 'session') return undefined;
  const texts = window.key.map((column) => `ifNull(toString(${quoteIdentifier(column)}), '')`);
  return `CAST([${texts.join(', ')}], 'Array(String)')`;
}

/** SQL, over the start of a pane: when the last window ends that it may be in, epoch ms. */
export function lastEndOfPane(pane: string, window: WindowShape): string {
  if (window.type === 'session') return `${pane} - positiveModulo(${pane}, ${window.longestMs}) + ${window.longestMs}`;
  const { everyMs, sizeMs } = gridOf(window);
  return `${pane} - positiveModulo(${pane}, ${everyMs}) + ${sizeMs}`;
}

/** Rows before this belong to windows that take no more. Of a session, a row counts as one of its own. */
export function acceptedFrom(watermarkMs: number, { window, latenessMs }: WindowQuery): number {
  const endsAfter = watermarkMs - latenessMs;
  if (window.type === 'session')
    return Math.max(lowestMs, endsAfter - window.gapMs + 1, cellOf(endsAfter, window.longestMs));
  const { sizeMs, everyMs } = gridOf(window);
  // The last window of a row begins at a multiple of `every` at or before it, and must end after this.
  return Math.max(lowestMs, cellOf(endsAfter - sizeMs, everyMs) + everyMs);
}

/** SQL over panes or states: the starts of the windows of a pane for which its fold came in time, epoch ms. */
export function startsOfPane(pane: string, window: GridShape, latenessMs: number): string {
  const { paneMs, sizeMs, everyMs } = gridOf(window);
  const isInTime = `watermark < start + ${sizeMs + latenessMs}`;
  if (sizeMs === everyMs) return `arrayFilter(start -> ${isInTime}, [${pane}])`;
  const offset = `positiveModulo(${pane}, ${everyMs})`;
  const count = `greatest(0, intDiv(${sizeMs - paneMs} - ${offset} + ${everyMs}, ${everyMs}))`;
  return `arrayFilter(start -> ${isInTime}, arrayMap(n -> ${pane} - ${offset} - n * ${everyMs}, range(toUInt64(${count}))))`;
}
