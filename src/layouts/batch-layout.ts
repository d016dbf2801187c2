import type { Statement } from '../engine/engine.ts';
import { compileInsert } from './compile-insert.ts';
import { compileRejects } from './compile-rejects.ts';
import { compileEventInsert } from './events/compile-event-insert.ts';
import { describeLayout, type Layout, layoutId, listKey } from './layout.ts';
import { compileLogInsert, type LogOrigin } from './logs/compile-log-insert.ts';
import { describeLogLayout, type LogLayout, logLayoutId } from './logs/log-layout.ts';
import { makesOtherLines } from './opening/opening-step.ts';

/** How the lines of an object are read: by columns, as an application log, or not at all. */
export type BatchLayout = Layout | LogLayout | Refused;

/** No layout fits, with the reason; every line becomes a reject. */
export interface Refused {
  readonly refused: string;
}

/** For an empty object, such as a marker or the end of a shard: nothing to read and nothing to report. */
export const nothingToRead: Refused = { refused: '' };

/** Whether lines have columns, as in access logs and service events. */
export function isColumnLayout(layout: BatchLayout): layout is Layout {
  return 'namedBy' in layout;
}

/** Whether each line describes itself. */
export function isLogLayout(layout: BatchLayout): layout is LogLayout {
  return !isRefused(layout) && !isColumnLayout(layout);
}

export function isRefused(layout: BatchLayout): layout is Refused {
  return 'refused' in layout;
}

/** Whether a line may hold many events: an envelope or a document around them. */
export function holdsManyEvents(layout: BatchLayout): boolean {
  if (isRefused(layout)) return false;
  return makesOtherLines(layout.opening) || (isColumnLayout(layout) && listKey(layout.framing) !== undefined);
}

/** Objects with the same id are read by the same SQL. */
export function batchLayoutId(layout: BatchLayout): string {
  if (isRefused(layout)) return `refused: ${layout.refused}`;
  return isColumnLayout(layout) ? layoutId(layout) : logLayoutId(layout);
}

export function describeBatchLayout(layout: BatchLayout): string {
  if (isRefused(layout)) return 'no layout';
  return isColumnLayout(layout) ? describeLayout(layout) : describeLogLayout(layout);
}

export function compileBatchInsert(
  layout: BatchLayout,
  origin: LogOrigin & { readonly distributions: readonly string[] },
  source: string,
): Statement {
  if (isRefused(layout)) return compileRejects(layout.refused, origin, source);
  if (!isColumnLayout(layout)) return compileLogInsert(layout, origin, source);
  return layout.format.event ? compileEventInsert(layout, origin, source) : compileInsert(layout, origin, source);
}
