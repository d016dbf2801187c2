/** How often a page asks again by itself. */
export const liveModes = {
  off: { label: 'Refresh: off', words: '', everyMs: null },
  '10s': { label: 'Every 10 s', words: 'Refreshes every 10 s.', everyMs: 10_000 },
  '1m': { label: 'Every minute', words: 'Refreshes every minute.', everyMs: 60_000 },
} as const;

export type LiveMode = keyof typeof liveModes;

export function isLiveMode(text: string): text is LiveMode {
  return Object.hasOwn(liveModes, text);
}
