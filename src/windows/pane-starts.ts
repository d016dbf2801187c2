import { gridOf, type WindowQuery } from './window-query.ts';

/** SQL over panes or states: the starts of the windows of a pane for which its fold came in time, epoch ms. */
export function startsOfPane(pane: string, { window, latenessMs }: WindowQuery): string {
  const { paneMs, sizeMs, everyMs } = gridOf(window);
  const isInTime = `watermark < start + ${sizeMs + latenessMs}`;
  if (sizeMs === everyMs) return `arrayFilter(start -> ${isInTime}, [${pane}])`;
  const offset = `positiveModulo(${pane}, ${everyMs})`;
  const count = `greatest(0, intDiv(${sizeMs - paneMs} - ${offset} + ${everyMs}, ${everyMs}))`;
  return `arrayFilter(start -> ${isInTime}, arrayMap(n -> ${pane} - ${offset} - n * ${everyMs}, range(toUInt64(${count}))))`;
}
