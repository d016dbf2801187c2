import { type ReactNode, useEffect, useRef, useState } from 'react';

/** How far below the window a panel begins to load. */
const marginPixels = 300;

/** Holds the place of a panel, which is made when it comes near the window: what nobody scrolls to is never asked for. */
export function InView({ span, children }: { readonly span: number; readonly children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    if (!place.current) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        setNear(true);
        observer.disconnect();
      },
      { rootMargin: `${marginPixels}px` },
    );
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return isNear ? children : <div ref={place} className={`panel span-${span} panel-table`} data-waiting="" />;
}
