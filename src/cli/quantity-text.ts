const prefixes = ['', 'k', 'M', 'G', 'T', 'P'];

/** `9,999`, `12.3 k`: at most seven characters up to 10¹². */
export function printCount(count: number): string {
  return Math.abs(count) < 9_999.5 ? Math.round(count).toLocaleString('en') : withPrefix(count, '');
}

/** `3.4 MB` */
export function printBytes(bytes: number): string {
  return withPrefix(bytes, 'B');
}

/** `250 ms`, `4.2 s`, `12 min`, `3.5 h`, `12 d` */
export function printDuration(milliseconds: number): string {
  const [limit] = durations;
  if (milliseconds < limit[0]) return `${Math.round(milliseconds)} ms`;
  const [, unitMs, name] = durations.find(([most]) => milliseconds < most) ?? days;
  return `${significant(milliseconds / unitMs)} ${name}`;
}

/** Exclusive limit in milliseconds, milliseconds per unit, name of the unit. */
const days = [Number.POSITIVE_INFINITY, 86_400_000, 'd'] as const;
const durations = [
  [999.5, 1, 'ms'],
  [99_500, 1000, 's'],
  [90 * 60_000, 60_000, 'min'],
  [36 * 3_600_000, 3_600_000, 'h'],
  days,
] as const;

function withPrefix(value: number, unit: string): string {
  let scaled = value;
  let index = 0;
  // 999.5 and up would print as 1000.
  while (Math.abs(scaled) >= 999.5 && index < prefixes.length - 1) {
    scaled /= 1000;
    index++;
  }
  return `${significant(scaled)} ${prefixes[index]}${unit}`.trimEnd();
}

/** At most three significant digits, without trailing zeros. */
function significant(value: number): string {
  return String(Number(value.toFixed(value >= 99.5 ? 0 : 1)));
}
