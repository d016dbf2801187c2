import { useSyncExternalStore } from 'react';

/** The moment that is looked at, epoch ms, and the chart in which: all charts of the page mark it. */
export interface Cursor {
  readonly timeMs: number;
  readonly chart: string;
}

let cursor: Cursor | null = null;
const listeners = new Set<() => void>();

export function moveCursor(next: Cursor | null): void {
  if (cursor?.timeMs === next?.timeMs && cursor?.chart === next?.chart) return;
  cursor = next;
  for (const tell of listeners) tell();
}

export function useCursor(): Cursor | null {
  return useSyncExternalStore(subscribe, () => cursor);
}

function subscribe(onChange: () => void): () => void {
  listeners.add(onChange);
  return () => listeners.delete(onChange);
}
