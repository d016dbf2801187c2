import { useEffect, useState } from 'react';

/**
 * Grows by 1 at each interval while the page is visible, and at once when it becomes visible after a longer time: a
 * hidden page asks for nothing.
 *
 * @param everyMs null: never
 */
export function useTicks(everyMs: number | null): number {
  const [ticks, setTicks] = useState(0);
  useEffect(() => {
    if (everyMs === null) return;
    let lastMs = Date.now();
    let timer: number | undefined;
    const tick = () => {
      lastMs = Date.now();
      setTicks((count) => count + 1);
      timer = window.setTimeout(tick, everyMs);
    };
    const follow = () => {
      window.clearTimeout(timer);
      if (!document.hidden) timer = window.setTimeout(tick, Math.max(0, lastMs + everyMs - Date.now()));
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      window.clearTimeout(timer);
      document.removeEventListener('visibilitychange', follow);
    };
  }, [everyMs]);
  return ticks;
}
