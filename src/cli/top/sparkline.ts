const bars = '▁▂▃▄▅▆▇█';

/** The last values as bars relative to their maximum; padded on the left. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = values.slice(-width);
  const most = Math.max(...shown, 0);
  const drawn = shown.map((value) => bars[most > 0 ? Math.ceil((value / most) * (bars.length - 1)) : 0]);
  return drawn.join('').padStart(width);
}
