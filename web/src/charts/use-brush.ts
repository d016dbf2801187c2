import { type PointerEvent, useState } from 'react';
import type { Plot } from './plot.ts';

/** Epoch ms, end exclusive. */
export interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

interface Drag {
  readonly startX: number;
  readonly x: number;
}

const minDragPixels = 6;

/**
 * Dragging over a chart selects whole buckets; a click without a drag is told with its place. Touch is ignored: there a
 * drag scrolls the page.
 */
export function useBrush(
  plot: Plot | null,
  times: readonly number[],
  stepMs: number,
  onSelect: ((interval: Interval) => void) | undefined,
  onClick: ((bucket: number, value: number, event: PointerEvent<HTMLElement>) => void) | undefined,
) {
  const [drag, setDrag] = useState<Drag | null>(null);

  const finish = (event: PointerEvent<HTMLElement>) => {
    setDrag(null);
    if (!drag || !plot) return;
    if (Math.abs(drag.x - drag.startX) < minDragPixels) {
      const y = event.clientY - event.currentTarget.getBoundingClientRect().top;
      return onClick?.(plot.bucketAt(drag.x), plot.valueAt(y), event);
    }
    const [first, last] = [plot.bucketAt(drag.startX), plot.bucketAt(drag.x)].sort((a, b) => a - b);
    const fromMs = times[first ?? 0];
    const toMs = times[last ?? 0];
    if (fromMs !== undefined && toMs !== undefined) onSelect?.({ fromMs, toMs: toMs + stepMs });
  };

  const handlers = onSelect && {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0 || event.pointerType === 'touch') return;
      event.currentTarget.setPointerCapture(event.pointerId);
      const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
      setDrag({ startX: x, x });
    },
    onPointerUp: finish,
    onPointerCancel: () => setDrag(null),
  };
  const onMove = (event: PointerEvent<HTMLElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const x = Math.min(width, Math.max(0, event.clientX - left));
    setDrag((current) => current && { ...current, x });
  };
  const mark = drag && { left: Math.min(drag.startX, drag.x), width: Math.abs(drag.x - drag.startX) };
  return { handlers, onMove, mark };
}
