import { useEffect, useMemo, useState } from 'react';
import { addEmissions, type LiveWindow, windowsOf } from './live-window.ts';
import { type Emission, readEvent, streamAddress } from './windows-source.ts';

export interface LiveWindows {
  readonly state: 'connecting' | 'connected' | 'lost';
  /** The latest first. */
  readonly windows: readonly LiveWindow[];
}

/** Events that come together are shown together. */
const gatherMs = 100;
const retryMs = 5000;

/** The latest windows of a query, and each that is emitted from now on. */
export function useLiveWindows(name: string): LiveWindows {
  const [state, setState] = useState<LiveWindows['state']>('connecting');
  const [emissions, setEmissions] = useState<readonly Emission[]>([]);
  useEffect(() => {
    setState('connecting');
    setEmissions([]);
    let events: EventSource;
    let waiting: Emission[] = [];
    let gathering: number | undefined;
    let retrying: number | undefined;
    const show = () => {
      const added = waiting;
      waiting = [];
      gathering = undefined;
      setEmissions((before) => addEmissions(before, added));
    };
    const connect = () => {
      events = new EventSource(streamAddress(name));
      events.onopen = () => setState('connected');
      events.onerror = () => {
        setState('lost');
        // The browser connects again by itself, and goes on after what it has, unless the server refuses.
        if (events.readyState === EventSource.CLOSED) retrying = window.setTimeout(connect, retryMs);
      };
      events.addEventListener('window', ({ data }: MessageEvent<string>) => {
        waiting.push(readEvent(data));
        gathering ??= window.setTimeout(show, gatherMs);
      });
    };
    connect();
    return () => {
      events.close();
      window.clearTimeout(gathering);
      window.clearTimeout(retrying);
    };
  }, [name]);
  const windows = useMemo(() => windowsOf(emissions), [emissions]);
  return useMemo(() => ({ state, windows }), [state, windows]);
}
