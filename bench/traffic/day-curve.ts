/**
 * When requests happen: quiet before dawn, busiest in the evening. Relative weight of each hour (UTC) of the day.
 * Public sites with human visitors look like this; those with mostly robots are flatter.
 */
const hourWeights = [
  0.62, 0.5, 0.44, 0.4, 0.42, 0.52, 0.7, 0.92, 1.1, 1.2, 1.24, 1.22, 1.2, 1.22, 1.24, 1.25, 1.27, 1.32, 1.4, 1.48, 1.46,
  1.28, 1.02, 0.8,
];

const total = hourWeights.reduce((sum, weight) => sum + weight, 0);

/** The second of the day by which this fraction of the day's requests has happened. */
export function secondOfDay(fraction: number): number {
  let remaining = fraction * total;
  for (const [hour, weight] of hourWeights.entries()) {
    if (remaining < weight) return Math.floor((hour + remaining / weight) * 3600);
    remaining -= weight;
  }
  return 86_399;
}

/** A moment near `second`, up to ten minutes either way, in the same hour: one log file holds one hour, in no order. */
export function jittered(second: number, fraction: number): number {
  const hourStart = second - (second % 3600);
  const moved = second - hourStart + Math.floor((fraction - 0.5) * 1200);
  return hourStart + Math.min(3599, Math.abs(moved > 3599 ? 7198 - moved : moved));
}

const clocks: (string | undefined)[] = [];

/** `HH:MM:SS`; cached, since every line needs one and a day has few. */
export function clock(second: number): string {
  clocks[second] ??= [second / 3600, (second / 60) % 60, second % 60]
    .map((part) => String(Math.floor(part)).padStart(2, '0'))
    .join(':');
  return clocks[second];
}
