import { asShown, readShown } from '../format/time-zone.ts';

/** How long a silence lasts. */
export const silenceLengths = {
  '1h': '1 hour',
  '4h': '4 hours',
  morning: 'Until tomorrow 8:00',
  custom: 'Until …',
} as const;

export type SilenceLength = keyof typeof silenceLengths;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * Epoch ms of its end; NaN where the text is no time.
 * @param until `YYYY-MM-DDTHH:MM` of the clock that is shown
 */
export function endOfSilence(length: SilenceLength, until: string, nowMs: number): number {
  switch (length) {
    case '1h':
      return nowMs + hourMs;
    case '4h':
      return nowMs + 4 * hourMs;
    case 'morning':
      return readShown(`${new Date(asShown(nowMs) + dayMs).toISOString().slice(0, 10)}T08:00`);
    case 'custom':
      return readShown(until);
  }
}

/** As `--for` takes it, in whole minutes: `1h`, `90m`. */
export function printFor(lengthMs: number): string {
  const minutes = Math.max(1, Math.round(lengthMs / 60_000));
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}
