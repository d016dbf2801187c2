import { useEffect, useRef, useState } from 'react';
import type { ExploredTable } from '../../../src/explore/explored-table.ts';
import { type ExploredRow, tailAddress } from './explore-source.ts';

export interface Tail {
  readonly state: 'connecting' | 'connected' | 'lost';
  /** Newest first. */
  readonly rows: readonly ExploredRow[];
  /** Came while it was paused. */
  readonly waiting: number;
  /** Were too many to be sent. */
  readonly leftOut: number;
}

/** More than anybody scrolls back; a download has all of them. */
const mostKept = 500;
const nothing: Tail = { state: 'connecting', rows: [], waiting: 0, leftOut: 0 };

interface RowsEvent {
  readonly rows: readonly ExploredRow[];
  readonly leftOut: number;
}

/**
 * Rows as they are stored, while `isOn`. While it is paused they are kept back, and shown when it goes on.
 * @param q the filter, which the server applies
 */
export function useTail(
  table: ExploredTable,
  q: string,
  columns: readonly string[],
  { isOn, isPaused }: { readonly isOn: boolean; readonly isPaused: boolean },
): Tail {
  const [tail, setTail] = useState(nothing);
  const held = useRef<readonly ExploredRow[]>([]);
  const paused = useRef(isPaused);
  paused.current = isPaused;
  const names = columns.join();

  useEffect(() => {
    setTail(nothing);
    held.current = [];
    if (!isOn) return;
    const events = new EventSource(tailAddress(table, q, names.split(',')));
    const say = (state: Tail['state']) => setTail((before) => ({ ...before, state }));
    events.onopen = () => say('connected');
    // The browser connects again by itself, unless the server refuses.
    events.onerror = () => say('lost');
    events.addEventListener('rows', (event: MessageEvent<string>) => {
      const { rows, leftOut } = JSON.parse(event.data) as RowsEvent;
      if (paused.current) held.current = [...rows, ...held.current].slice(0, mostKept);
      setTail((before) => ({
        state: 'connected',
        rows: paused.current ? before.rows : [...rows, ...before.rows].slice(0, mostKept),
        waiting: paused.current ? before.waiting + rows.length : 0,
        leftOut: before.leftOut + leftOut,
      }));
    });
    return () => events.close();
  }, [table, q, names, isOn]);

  useEffect(() => {
    if (isPaused) return;
    const waiting = held.current;
    held.current = [];
    setTail((before) => ({ ...before, waiting: 0, rows: [...waiting, ...before.rows].slice(0, mostKept) }));
  }, [isPaused]);

  return tail;
}
