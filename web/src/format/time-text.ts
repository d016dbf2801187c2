const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `23 May 2014`, UTC like every time here. */
export function formatDay(ms: number): string {
  const date = new Date(ms);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** `01:05`, UTC. */
export function formatClock(ms: number): string {
  return new Date(ms).toISOString().slice(11, 16);
}

export function formatMoment(ms: number): string {
  return `${formatDay(ms)}, ${formatClock(ms)}`;
}

/** `23 May 2014, 01:05 – 02:10` on one day, both days otherwise. */
export function formatSpan(fromMs: number, toMs: number): string {
  if (formatDay(fromMs) === formatDay(toMs)) return `${formatMoment(fromMs)} – ${formatClock(toMs)}`;
  return `${formatMoment(fromMs)} – ${formatMoment(toMs)}`;
}

/** Label of a time axis: the day where a day begins, the clock elsewhere. */
export function formatTick(ms: number): string {
  const date = new Date(ms);
  if (date.getUTCHours() + date.getUTCMinutes() > 0) return formatClock(ms);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]}`;
}

const ages: readonly [limitSeconds: number, unitSeconds: number, name: string][] = [
  [90, 1, 'second'],
  [90 * 60, 60, 'minute'],
  [36 * 3600, 3600, 'hour'],
  [60 * 86_400, 86_400, 'day'],
  [730 * 86_400, 30.44 * 86_400, 'month'],
  [Number.POSITIVE_INFINITY, 365.25 * 86_400, 'year'],
];

/** `12 minutes`; the caller adds "ago". */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, ms / 1000);
  const [, unitSeconds, name] = ages.find(([limit]) => seconds < limit) ?? [0, 1, 'second'];
  const count = Math.round(seconds / unitSeconds);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** `15 min`, for the width of a bucket. */
export function formatStep(seconds: number): string {
  if (seconds % 86_400 === 0) return seconds === 86_400 ? 'day' : `${seconds / 86_400} days`;
  if (seconds % 3600 === 0) return seconds === 3600 ? 'hour' : `${seconds / 3600} h`;
  return seconds === 60 ? 'minute' : `${seconds / 60} min`;
}
