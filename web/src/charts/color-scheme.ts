import { useSyncExternalStore } from 'react';

const query = window.matchMedia('(prefers-color-scheme: dark)');

/** Charts paint on a canvas, which style sheets do not reach: they read the colours again when this changes. */
export function useColorScheme(): 'dark' | 'light' {
  return useSyncExternalStore(
    (onChange) => {
      query.addEventListener('change', onChange);
      return () => query.removeEventListener('change', onChange);
    },
    () => (query.matches ? 'dark' : 'light'),
  );
}

export function readColor(property: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(property).trim();
}
