import { useSyncExternalStore } from 'react';

/** In which time the console shows moments; statements and addresses always have UTC. */
export type ZoneChoice = 'utc' | 'local';

const storageKey = 'tailrace.times';
const watchers = new Set<() => void>();
let choice: ZoneChoice = readChoice();

export function useZone(): ZoneChoice {
  return useSyncExternalStore(watchZone, () => choice);
}

export function switchZone(): void {
  choice = choice === 'utc' ? 'local' : 'utc';
  try {
    localStorage.setItem(storageKey, choice);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  for (const tell of watchers) tell();
}

/** The moment at which a clock of UTC shows what a clock here shows at `ms`; `ms` itself while times are in UTC. */
export function asShown(ms: number): number {
  return choice === 'utc' || Number.isNaN(ms) ? ms : ms - new Date(ms).getTimezoneOffset() * 60_000;
}

/** Reads `YYYY-MM-DDTHH:MM[:SS]` as the clock that is shown; NaN for anything else. */
export function readShown(text: string): number {
  return Date.parse(choice === 'utc' ? `${text}Z` : text);
}

/** What stands behind a time. */
export function zoneName(): string {
  return choice === 'utc' ? 'UTC' : 'local time';
}

function watchZone(tell: () => void): () => void {
  watchers.add(tell);
  return () => watchers.delete(tell);
}

function readChoice(): ZoneChoice {
  try {
    return localStorage.getItem(storageKey) === 'local' ? 'local' : 'utc';
  } catch {
    return 'utc';
  }
}
