import type { ECharts } from 'echarts/core';
import { type PointerEvent, type RefObject, useState } from 'react';

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
  chart: RefObject<ECharts | null>,
  times: readonly number[],
  stepMs: number,
  onSelect: ((interval: Interval) => void) | undefined,
  onClick: ((bucket: number, value: number, event: PointerEvent<HTMLElement>) => void) | undefined,
) {
  const [drag, setDrag] = useState<Drag | null>(null);

  const bucketAt = (x: number): number => {
    const index = Number(chart.current?.convertFromPixel({ xAxisIndex: 0 }, x) ?? 0);
    return Math.min(times.length - 1, Math.max(0, Math.round(index)));
  };

  const finish = (event: PointerEvent<HTMLElement>) => {
    setDrag(null);
    if (!drag) return;
    if (Math.abs(drag.x - drag.startX) < minDragPixels) {
      const y = event.clientY - event.currentTarget.getBoundingClientRect().top;
      return onClick?.(bucketAt(drag.x), Number(chart.current?.convertFromPixel({ yAxisIndex: 0 }, y)), event);
    }
    const [first, last] = [bucketAt(drag.startX), bucketAt(drag.x)].sort((a, b) => a - b);
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
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const { left, width } = event.currentTarget.getBoundingClientRect();
      const x = Math.min(width, Math.max(0, event.clientX - left));
      setDrag((current) => current && { ...current, x });
    },
    onPointerUp: finish,
    onPointerCancel: () => setDrag(null),
  };
  const mark = drag && { left: Math.min(drag.startX, drag.x), width: Math.abs(drag.x - drag.startX) };
  return { handlers, mark };
}
